"""Words that tell what a name is, by language. Small letters; a star stands for any ending."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`titles` stand before people, `said` beside them; `bodies` are organisations, `meetings` events, `grounds` places.

    `within` are prepositions before places, `joints` small words inside of names, `small` those that open sentences.
    """

    titles: str = ""
    said: str = ""
    bodies: str = ""
    meetings: str = ""
    grounds: str = ""
    within: str = ""
    joints: str = ""
    small: str = ""
    head_first: bool = True
    """"Banco Central", but "Central Bank"."""


_PARTICLES: Final = "van von der den de del della di da dos du la le el al bin ibn ter"
LEXICONS: Final[dict[str, Lexicon]] = {
    "en": Lexicon(
        titles="president minister premier secretary general chancellor senator governor mayor king queen prince princess "
        "mr mr. mrs mrs. ms ms. dr dr. prof. professor sir lord lady captain colonel major ambassador spokesman "
        "spokeswoman spokesperson chairman chairwoman chief ceo director head leader commander coach judge pope bishop "
        "gen. lt. col. sen. rep. gov.",
        said="said says told added announced stated wrote asked warned argued explained recalled",
        bodies="ministry agency university college institute bank party company corporation corp inc ltd council commission "
        "committee court parliament senate congress association federation union league club orchestra army navy police "
        "department office organization organisation society foundation group airlines records band museum academy school "
        "brigade regiment division wing base command squadron alliance coalition authority bureau fund service services network press times "
        "post news tribune herald gazette journal treasury pentagon church railway railways team united fc",
        meetings="forum summit conference congress games olympics cup championship championships festival war battle election "
        "elections awards revolution referendum exhibition expo",
        grounds="river lake mount mountain mountains county island islands street road avenue square park bridge valley bay "
        "ocean sea beach hill hills hall castle forest peninsula district province region oblast airport station pond brook "
        "creek junction reservoir tower stadium gym playfield estate house village desert canal cape coast falls gulf strait "
        "railroad township parish cemetery constituency ranch farm trail island lagoon plateau plain delta",
        within="in near from at around outside across",
        joints=f"of the for and on {_PARTICLES}",
        small="the a an in on at by for from to of and but or if as it he she they we you i his her its their this that these "
        "those there here when where while after before since during with without although though because however "
        "meanwhile also then now not no yes what who how why some many most all both each every such other another one two "
        "three first second last new more my our your according speaking particularly yesterday today tomorrow",
        head_first=False,
    ),
    "uk": Lexicon(
        titles="президент* прем'єр* міністр* глав* голов* секретар* речни* посол посла директор* депутат* генерал* "
        "полковни* канцлер* король королев* принц* мер мера мером очільни* командувач* керівни* заступни* пан пана пані "
        "професор* тренер* суддя лідер* єпископ* папа радник* экс-президент* експрезидент* журналіст* співа* акто*",
        said="сказав сказала заявив заявила повідомив повідомила додав додала наголосив наголосила зазначив зазначила "
        "розповів розповіла написав написала підкреслив підкреслила",
        bodies="міністерств* агентств* університет* інститут* банк* парті* компані* рад* комісі* комітет* суд* парламент* "
        "асоціаці* федераці* союз* клуб* управлінн* служб* департамент* фонд* академі* корпораці* прокуратур* поліці* "
        "організаці* альянс* коаліці* бюро адміністраці* прем'єр-ліг*",
        meetings="форум* саміт* конференці* конгрес* чемпіонат* фестивал* олімпіад* ігри ігор іграх",
        grounds="озер* річк* вулиц* площ* острів острова острові море моря морі аеропорт*",
        within="в у з із зі до від під біля над за через на поблизу",
        joints=f"та і й {_PARTICLES}",
        small="у в на з із до від по за про при це цей ця ці той та те і й але або якщо як коли де він вона воно вони ми ви я "
        "його її їх також тоді зараз не ні так що хто після перед під час однак водночас крім для через без між над вже ще "
        "усі всі кожен новий нова нові перший раніше сьогодні вчора учора завтра згідно",
    ),
    "ru": Lexicon(
        titles="президент* премьер* министр* глав* секретар* представител* посол посла директор* депутат* генерал* "
        "полковник* канцлер* король корол* принц* мэр* губернатор* командующ* руководител* заместител* господин* "
        "профессор* тренер* судья лидер* епископ* папа советник* журналист* певе* акт*",
        said="сказал сказала заявил заявила сообщил сообщила добавил добавила отметил отметила рассказал рассказала "
        "подчеркнул подчеркнула написал написала",
        bodies="министерств* агентств* университет* институт* банк* парти* компани* совет* комисси* комитет* суд* парламент* "
        "ассоциаци* федераци* союз* клуб* управлени* служб* департамент* фонд* академи* корпораци* прокуратур* полици* "
        "организаци* альянс* коалици* бюро администраци* дума думы думе",
        meetings="форум* саммит* конференци* конгресс* чемпионат* фестивал* олимпиад*",
        grounds="озер* рек* улиц* площад* остров* море моря аэропорт*",
        within="в во на из до от под около через над за",
        joints=f"и {_PARTICLES}",
        small="в во на с из до от по за о об при это этот эта эти тот та те и но а или если как когда где он она оно они мы вы я "
        "его ее её их также тогда сейчас не нет да что кто после перед во время однако кроме для через без между над уже еще "
        "все каждый новый первая ранее сегодня вчера завтра согласно",
    ),
    "de": Lexicon(
        titles="präsident* bundespräsident* kanzler* bundeskanzler* minister* *minister *ministerin senator* bürgermeister* "
        "oberbürgermeister* herr herrn frau dr. prof. professor* könig königin prinz* sprecher* *sprecher *sprecherin chef* "
        "*chef *chefin direktor* vorsitzende* *vorsitzende *vorsitzender general* generalsekretär* papst bischof* trainer* ministerpräsident* prinzessin* "
        "queen kapitän* torwart* stürmer* verteidiger* *forscher *forscherin *experte *expertin *wissenschaftler *vize "
        "*promoter landrat* *anwalt richter* botschafter*",
        said="sagte erklärte betonte sagt teilte berichtete kritisierte forderte warnte",
        bodies="*ministerium *ministeriums *amt universität* hochschule* institut* *bank *partei *gesellschaft *verband "
        "*kommission *gericht *rat bundestag* bundesrat* landtag* *agentur *verein *polizei *stiftung *behörde *gewerkschaft ag "
        "gmbh se *ausschuss *bund",
        meetings="*gipfel *gipfels *konferenz *forum *festspiele *meisterschaft *messe *festival",
        grounds="*straße *platz *see *insel *brücke *flughafen *bahnhof *tal *gebirge",
        within="in aus nach bei von im",
        joints=f"und für {_PARTICLES} zu zum zur",
        small="der die das ein eine einer in im an am auf aus bei mit nach von vor zu zum zur und aber oder wenn als wie er sie es "
        "wir ihr ich sein seine ihre auch dann jetzt nicht nein ja was wer nach während jedoch außerdem für durch ohne dieser "
        "diese dieses alle jeder neue erste heute gestern morgen laut dabei damit doch so",
    ),
    "fr": Lexicon(
        titles="président* premier ministre chancel* sénat* député* maire roi reine prince* m. mme dr. professeur* ambassad* "
        "porte-parole directeur directrice chef cheffe secrétaire général générale pape évêque entraîneur juge patron",
        said="déclaré déclare dit affirmé ajouté annoncé expliqué estimé souligné indiqué assuré",
        bodies="ministère université institut banque parti société compagnie conseil commission comité cour tribunal parlement "
        "sénat assemblée association fédération union ligue club agence office organisation fondation académie groupe police "
        "gendarmerie autorité syndicat",
        meetings="forum sommet conférence congrès festival coupe championnat jeux salon exposition",
        grounds="rue place avenue boulevard lac mont île fleuve rivière mer pont aéroport gare",
        within="à en au aux dans vers près",
        joints=f"des les pour sur et d' l' d’ l’ en {_PARTICLES}",
        small="le la les l un une des de du d à au aux en dans sur par pour avec sans et mais ou si comme quand où il elle ils elles "
        "nous vous je on son sa ses leur leurs ce cet cette ces aussi alors maintenant non oui que qui quoi après avant pendant "
        "depuis selon cependant tous chaque nouveau nouvelle premier première hier demain ainsi c' n' s' j' qu' l' d' m' t' l’ d’ c’ j’ qu’ s’ n’",
    ),
    "es": Lexicon(
        titles="president* ministr* canciller* senador* diputad* alcalde* alcaldesa rey reyes reina príncipe princesa señor señora sr. sra. "
        "dr. dra. profesor* embajador* portavoz director* jefe jefa secretari* general papa obispo entrenador* juez jueza "
        "gobernador* líder",
        said="dijo declaró afirmó añadió anunció explicó señaló aseguró indicó subrayó",
        bodies="ministerio universidad instituto banco partido sociedad compañía empresa consejo comisión comité corte tribunal "
        "parlamento senado congreso asociación federación unión liga club agencia oficina organización fundación academia grupo "
        "policía guardia autoridad sindicato ayuntamiento fiscalía cámara diputación confederación",
        meetings="foro cumbre conferencia festival copa campeonato juegos feria exposición",
        grounds="calle plaza avenida lago monte isla río mar puente aeropuerto estación",
        within="en desde hacia",
        joints=f"de los las para y e {_PARTICLES}",
        small="el la los las un una unos unas de del a al en con por para sin y e o pero si como cuando donde él ella ellos nosotros "
        "yo su sus este esta estos estas ese esa aquel también entonces ahora no sí que quien qué después antes durante desde "
        "según sin embargo todos cada nuevo nueva primer primera hoy ayer mañana así lo se tras",
    ),
    "pl": Lexicon(
        titles="prezydent* premier* minister ministra ministrem kanclerz* senator* pose* marszał* burmistrz* król* książ* pan pana "
        "pani dr prof. profesor* ambasador* rzeczni* dyrektor* szef* sekretarz* generał* papież* biskup* trener* sędzia lider* "
        "przewodnicząc* wicepremier* wojewod*",
        said="powiedział powiedziała oświadczył oświadczyła dodał dodała poinformował poinformowała podkreślił podkreśliła "
        "zaznaczył zaznaczyła",
        bodies="ministerstw* uniwersytet* instytut* bank* parti* spółk* rad* komisj* komitet* sąd* trybunał* parlament* sejm* "
        "senat* stowarzyszeni* federacj* uni* lig* klub* agencj* urząd* urzęd* organizacj* fundacj* akademi* grup* policj* "
        "straż* prokuratur*",
        meetings="forum szczyt* konferencj* kongres* festiwal* mistrzostw* igrzysk* puchar*",
        grounds="ulic* plac* jezior* rzek* wysp* morz* lotnisk*",
        within="w we z ze do od pod na przez koło",
        joints=f"i oraz {_PARTICLES}",
        small="w we z ze na do od po za o przy to ten ta te tamten i ale albo lub jeśli jeżeli jak kiedy gdy gdzie on ona ono oni my "
        "wy ja jego jej ich także też wtedy teraz nie tak co kto po przed podczas jednak dla przez bez między już jeszcze wszyscy "
        "każdy nowy nowa pierwszy dziś dzisiaj wczoraj jutro według zdaniem",
    ),
}
"""Languages without an entry are read with what is common to all: the gazetteer, given names, acronyms."""
NONE: Final = Lexicon(joints=_PARTICLES)


def of(language: str) -> Lexicon:
    """The words of a language; almost none of one that is not known."""
    return LEXICONS.get(language, NONE)


@cache
def matcher(words: str) -> re.Pattern[str]:
    """A pattern that matches one of the words, with stars as any letters."""
    parts = "|".join(re.escape(word).replace(r"\*", r"[\w'-]{0,24}") for word in words.split()) or r"(?!)"
    return re.compile(rf"(?:{parts})\Z", re.IGNORECASE)


@cache
def plain(words: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(words.split())
