"""Verbs that say that somebody speaks, in the forms news uses; and words that stand for a name. Pure."""

import re
from typing import Final

_FORMS: Final = {
    "en": "said says say saying told tells tell added adds stated states noted notes wrote writes tweeted "
    "explained explains insisted insists warned warns argued argues asked asks replied replies claimed "
    "announced announces declared declares confirmed confirms admitted admits acknowledged stressed stresses "
    "vowed quipped reiterated testified conceded countered lamented maintained responded pledged "
    "recalled recalls remarked remarks called calls commented comments continued continues concluded concludes "
    "emphasized emphasised suggested suggests joked promised described describes urged urges posted according",
    "uk": "сказав сказала сказали каже кажуть говорить говорив говорила заявив заявила заявили заявляє зазначив "
    "зазначила зазначили зазначає наголосив наголосила наголосили наголошує додав додала додали додає повідомив "
    "повідомила повідомили повідомляє пояснив пояснила пояснили пояснює розповів розповіла розповіли розповідає "
    "написав написала написали пише підкреслив підкреслила підкреслили підкреслює відповів відповіла відповіли "
    "вважає вважають уточнив уточнила підтвердив підтвердила попередив попередила стверджує запевнив запевнила "
    "зауважив зауважила відзначив відзначила визнав визнала запитав запитала нагадав нагадала переконаний "
    "переконана прокоментував прокоментувала зізнався зізналася поділився поділилася обурився обурилася вигукнув "
    "вигукнула переконує резюмував резюмувала констатував констатувала закликав закликала пожартував пожартувала "
    "цитує йдеться словами",
    "ru": "сказал сказала сказали говорит говорил говорила говорят заявил заявила заявили заявляет отметил отметила "
    "отметили отмечает подчеркнул подчеркнула подчеркнули подчеркивает добавил добавила добавили добавляет сообщил "
    "сообщила сообщили сообщает пояснил пояснила пояснили поясняет объяснил объяснила рассказал рассказала "
    "рассказали рассказывает написал написала написали пишет ответил ответила ответили считает считают уточнил "
    "уточнила подтвердил подтвердила предупредил предупредила утверждает заверил заверила признал признала спросил "
    "спросила напомнил напомнила цитирует говорится призвал призвала убежден убеждена заметил заметила "
    "прокомментировал прокомментировала признался призналась поделился поделилась возмутился "
    "возмутилась воскликнул воскликнула заключил заключила парировал парировала констатировал констатировала "
    "настаивает резюмировал резюмировала пошутил пошутила словам",
    "de": "sagte sagten sagt sagen erklärte erklärten erklärt betonte betonten betont teilte schrieb schrieben "
    "schreibt "
    "meinte meint fügte berichtete berichtet warnte warnt forderte fordert kritisierte kritisiert äußerte behauptete "
    "behauptet antwortete antwortet fragte fragt erläuterte bestätigte versicherte ergänzte gab zitierte nannte "
    "kündigte hieß heißt so zitiert beschreibt beschrieb lacht gestand bezweifelte prognostizierte "
    "prognostiziert erzählte erzählt urteilt freut freute schmunzelt schmunzelte kommentierte kommentiert lästerte "
    "rief entgegnete konterte unterstrich konstatierte bilanzierte jubelte schimpfte lobte lobt mahnte mahnt verriet "
    "scherzte klagte klagt resümierte laut zufolge",
    "fr": "dit disait déclaré déclare déclarait affirmé affirme affirmait expliqué explique expliquait ajouté ajoute "
    "précisé précise souligné souligne estimé estime indiqué indique assuré assure annoncé annonce raconté raconte "
    "écrit répondu répond rappelé rappelle confié confie regretté regrette insisté insiste lancé lance martelé "
    "reconnu prévenu dénoncé dénonce demandé demande conclu conclut poursuivi poursuit juge jugé résume "
    "averti avertit prévient alerte alerté noté observe observé témoigne témoigné ironise plaide plaidé commente "
    "commenté détaille détaillé argumente écrié écriée exclamé exclamée insurgé insurgée "
    "réjoui réjouie renchéri renchérit tranché tranche réagi réagit défendu défend ironisé selon d'après d’après",
    "es": "dijo dijeron dice dicen decía declaró declararon declara afirmó afirmaron afirma aseguró aseguraron "
    "asegura "
    "explicó explicaron explica añadió añade agregó agrega señaló señalaron señala indicó indica manifestó "
    "manifiesta "
    "subrayó subraya destacó destaca apuntó apunta sostuvo sostiene advirtió advierte comentó comenta contó cuenta "
    "escribió escribe respondió responde preguntó pregunta insistió insiste reconoció reconoce denunció anunció "
    "expresó recordó precisó según dicho declarado afirmado asegurado explicado añadido señalado indicado "
    "subrayado destacado "
    "descrito manifestado escrito espetó zanjó confesó confiesa lamentó lamenta "
    "resumió resumido relató relatado insistido advertido denunciado criticó criticado recalcó recalcado remarcó "
    "concluyó defendió matizó exclamó opinó opina considera consideró valoró anunciado reconocido "
    "recordado exigió reclamó bromeó ironizó replicó sentenció prometió reiteró admitió avisó alertó celebró",
    "pl": "powiedział powiedziała powiedzieli mówi mówił mówiła mówią dodał dodała dodali dodaje stwierdził "
    "stwierdziła "
    "stwierdza zaznaczył zaznaczyła zaznacza podkreślił podkreśliła podkreśla oświadczył oświadczyła wyjaśnił "
    "wyjaśniła "
    "wyjaśnia poinformował poinformowała poinformowali przekazał przekazała napisał napisała napisali pisze zapewnił "
    "zapewniła ocenił oceniła ocenia przyznał przyznała odpowiedział odpowiedziała zapytał zapytała ostrzegł "
    "ostrzegła "
    "tłumaczy tłumaczył relacjonuje czytamy uważa twierdzi twierdził skomentował skomentowała zauważył zauważyła "
    "zaapelował zaapelowała przekonuje przekonywał przekonywała wskazał wskazała "
    "wskazuje apeluje apelował zapowiedział zapowiedziała żartował argumentował według zdaniem",
    "it": "detto dice dichiarato dichiara affermato afferma spiegato spiega aggiunto aggiunge sottolineato scritto",
    "pt": "disse disseram diz afirmou afirma declarou explicou explica acrescentou escreveu garantiu destacou",
    "nl": "zei zeiden zegt zeggen verklaarde vertelde vertelt schreef schrijft aldus stelde benadrukte",
}  # fmt: skip
FORMS: Final = {language: frozenset(forms.split()) for language, forms in _FORMS.items()}
SOURCES: Final = frozenset(
    "according selon d'après d’après según laut zufolge so według zdaniem словами словам".split()
)
"""Words that name who is quoted without a verb: they stand beside what is said, and a name beside them."""
_SOMEBODY: Final = re.compile(r"\s(?:(?:der|die|das)\s|[A-ZÄÖÜ])")
ANY: Final = frozenset(form for forms in FORMS.values() for form in forms)
"""For a text whose language is not among these."""
_NOT_NAMES: Final = frozenset(
    # Words that sentences begin with, and nouns that German writes like names after an article.
    "the a an in on at but and he she they it we i his her their our this that these those there when while after "
    "before as if for with from by to of mr mrs ms dr sir "
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december then dann hier da doch heute gestern auch "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag "
    "він вона вони воно ми я ви це цей ця ті також за про як що якщо коли після але та і й у в на з до його її їх "
    "он она они оно мы я вы это этот эта те также за о об как что если когда после но и в на с до по его ее её их "
    "er sie es wir ich ihr das der die den dem ein eine einem einer und aber wenn nach vor im am zum auf in bei so "
    "il elle ils elles nous je vous on le la les un une des et mais si quand après avant dans en à au ce cette "
    "él ella ellos ellas nosotros yo el los las una y pero si cuando después antes en al con su sus esto eso "
    "on ona oni ono my ja wy to ten ta te też po o jak że jeśli kiedy ale i w na z do jego jej ich pan pani".split()
)
_WORD: Final = re.compile(r"\w+(?:[’'ʼ]\w+)*")


def forms(language: str | None) -> frozenset[str]:
    """The verbs of a language (BCP 47), or of all."""
    return FORMS.get((language or "").partition("-")[0], ANY)


def verb(text: str, start: int, end: int, known: frozenset[str], *, last: bool = False) -> re.Match[str] | None:
    """The first (or last) verb of speech between `start` and `end`; a word of SOURCES only where it can be one."""
    words = (word for word in _WORD.finditer(text, start, end) if word.group().lower() in known)
    found = (word for word in words if _stands(text, word, None if last else start))
    return next(iter(list(found)[-1:]), None) if last else next(found, None)


def _stands(text: str, word: re.Match[str], said: int | None) -> bool:
    """Whether it is a verb, or names a source: right after what is `said`, and "so" before somebody ("so Kluckers")."""
    form = word.group().lower()
    if form not in SOURCES or (form == "so" and not _SOMEBODY.match(text, word.end())):
        return form not in SOURCES
    return said is None or form == "zufolge" or not _WORD.search(text, said, word.start())


def is_name(word: str) -> bool:
    """Whether a word is written as a name is, and is none of those that begin sentences."""
    return word[0].isupper() and word.casefold() not in _NOT_NAMES
