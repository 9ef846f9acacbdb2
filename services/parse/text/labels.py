# ruff: noqa: RUF001 -- labels are in the letters of their languages
"""The lines that news pages put around their articles, in the languages of the pages we have seen.

Data, and the two ways of looking it up. Entries are casefolded, without the colon. A publisher's own labels stand in
its profile.
"""

from collections.abc import Mapping
from typing import Final, Literal

Label = Literal[
    "related", "hot", "latest", "tags", "advertisement", "share", "byline", "published", "updated", "caption",
    "copyright", "comments",
]  # fmt: skip

_HEADED: Final[dict[Label, tuple[str, ...]]] = {
    "related": (
        "more about|more on this|more on this story|more on this topic|related|related articles|related stories",
        "related news|related content|read more|read also|see also|also read|you may also like|more stories",
        "you might also like|recommended|recommended for you|don't miss",
        "більше про|читайте також|читайте ще|також читайте|за темою|по темі|матеріали за темою|схожі новини",
        "пов'язані новини|схожі матеріали|новини за темою|дивіться також|вас може зацікавити|рекомендуємо",
        "читайте также|по теме|материалы по теме|ещё по теме|еще по теме|связанные новости|похожие новости",
        "смотрите также|вам может быть интересно|рекомендуем",
        "mehr zum thema|lesen sie auch|lesen sie mehr|auch interessant|verwandte artikel|weitere artikel",
        "das könnte sie auch interessieren|passend zum thema|siehe auch|zum thema",
        "à lire aussi|lire aussi|sur le même sujet|articles liés|articles similaires|à lire également|voir aussi",
        "noticias relacionadas|más sobre este tema|más información|lea también|lee también|te puede interesar",
        "le puede interesar|artículos relacionados|relacionados|ver también|más sobre",
        "leia também|leia mais|notícias relacionadas|artigos relacionados|veja também|saiba mais|mais sobre",
        "leggi anche|articoli correlati|ti potrebbe interessare|vedi anche|per approfondire|notizie correlate",
        "czytaj także|czytaj też|czytaj również|zobacz także|zobacz też|przeczytaj także|polecamy|podobne artykuły",
        "powiązane artykuły|na ten temat|więcej na ten temat",
        "lees ook|lees meer|meer over|meer over dit onderwerp|gerelateerd|gerelateerde artikelen|zie ook",
        "ilgili haberler|benzer haberler|bunlar da ilginizi çekebilir|ayrıca oku",
        "اقرأ أيضا|اقرأ أيضًا|اقرأ أيضاً|مواضيع ذات صلة|أخبار ذات صلة|مقالات ذات صلة|ذات صلة|شاهد أيضا",
        "čtěte také|související články|související|mohlo by vás zajímat|přečtěte si také",
        "citește și|articole similare|pe aceeași temă|läs också|läs även|läs mer|relaterat",
        "διαβάστε επίσης|σχετικά άρθρα",
        "כתבות נוספות|כתבות קשורות|קראו גם|עוד בנושא|مطالب مرتبط|اخبار مرتبط|بیشتر بخوانید|همچنین بخوانید",
        "यह भी पढ़ें|संबंधित खबरें|और पढ़ें|ข่าวที่เกี่ยวข้อง|อ่านเพิ่มเติม|เรื่องที่เกี่ยวข้อง|xem thêm",
        "tin liên quan|baca juga|berita terkait",
        "læs også|les også|lue myös|kapcsolódó cikkek|свързани новини|прочетете още|povezano|pročitajte i",
        "súvisiace články",
        "相关新闻|相关阅读|相关文章|延伸阅读|推荐阅读|相關新聞|関連記事|関連ニュース|관련기사",
    ),
    "hot": (
        "hot news|hot|most read|most popular|most viewed|trending|trending now|popular|top stories|top news",
        "гарячі новини|головне|головні новини|найпопулярніше|популярні новини|популярне|топ новини|топ-новини",
        "горячие новости|главное|главные новости|самое читаемое|популярное|популярные новости|топ новостей",
        "meistgelesen|meistgelesene artikel|am meisten gelesen|top-themen|top-nachrichten",
        "les plus lus|les plus lues|à la une|populaires|tendances|lo más leído|más leídas|las más leídas",
        "lo más visto|destacadas|tendencias|mais lidas|as mais lidas|em alta|destaques",
        "i più letti|più letti|le più lette|in evidenza|in primo piano|najpopularniejsze|najczęściej czytane",
        "gorące tematy|meest gelezen|populair|çok okunanlar|en çok okunanlar|popüler haberler",
        "الأكثر قراءة|الأكثر مشاهدة|nejčtenější|cele mai citite|mest läst|mest lästa|δημοφιλή",
        "הנקראות ביותר|הכי נקרא|פופולרי|پربازدیدترین|پربازدیدها|सबसे ज़्यादा पढ़ी गई|सबसे ज्यादा पढ़ी गईं",
        "ट्रेंडिंग|ยอดนิยม|ข่าวยอดนิยม",
        "đọc nhiều|terpopuler|mest læst|mest lest|luetuimmat|legolvasottabb|най-четени|najčitanije|najčítanejšie",
        "热门新闻|热点新闻|热门|熱門新聞|熱門|人気記事|アクセスランキング|많이 본 뉴스",
    ),
    "latest": (
        "latest|latest news|latest stories|recent news|recent posts|newest|just in",
        "останні новини|останнє|стрічка новин|новини дня|свіжі новини",
        "последние новости|последнее|лента новостей|новости дня|свежие новости",
        "neueste nachrichten|aktuelle nachrichten|neueste artikel|das neueste|neueste meldungen",
        "dernières nouvelles|dernières actualités|derniers articles|dernières infos|en continu|fil info",
        "últimas noticias|lo último|última hora|lo más reciente|últimas notícias|últimas|mais recentes",
        "ultime notizie|ultim'ora|ultime news|najnowsze|najnowsze wiadomości|ostatnie wiadomości|aktualności",
        "laatste nieuws|net binnen|son dakika|son haberler|en son haberler|آخر الأخبار|أحدث الأخبار",
        "nejnovější|poslední zprávy|ultimele știri|senaste nytt|τελευταία νέα",
        "החדשות האחרונות|עדכונים אחרונים|מבזקים|آخرین اخبار|تازه‌ترین خبرها|ताज़ा खबरें|ताजा खबरें",
        "ข่าวล่าสุด|tin mới nhất|terbaru",
        "seneste nyt|siste nytt|uusimmat|legfrissebb|последни новини|najnovije",
        "最新新闻|最新新聞|最新消息|最新ニュース|新着記事|최신 뉴스",
    ),
    "tags": (
        "tags|tag|topics|keywords|теги|мітки|ключові слова|ключевые слова|schlagwörter|schlagworte|themen",
        "mots-clés|mots clés|étiquettes|etiquetas|temas|palabras clave|palavras-chave|tópicos",
        "parole chiave|argomenti",
        "tagi|tematy|słowa kluczowe|trefwoorden|onderwerpen|etiketler|konular|الكلمات المفتاحية|وسوم|الوسوم",
        "كلمات دلالية|štítky|témata|etichete|taggar|ämnen|ετικέτες|תגיות|נושאים|برچسب‌ها|برچسب ها",
        "کلیدواژه‌ها|टैग|टैग्स|แท็ก|từ khóa|标签|標籤|关键词|關鍵字|タグ|キーワード|태그",
    ),
    "advertisement": (
        "ad|ads|advertisement|advertising|sponsored|sponsored content|реклама|anzeige|werbung|publicité|publicidad",
        "anuncio|publicidade|pubblicità|reklama|advertentie|reklam|إعلان|اعلان|publicitate|annons|διαφήμιση",
        "广告|廣告|広告|광고|פרסומת|تبلیغات|آگهی|विज्ञापन|โฆษณา|quảng cáo|iklan|annonce|mainos|hirdetés|реклама",
    ),
    "share": (
        "share|share this|share this article|share on facebook|share on x|facebook|twitter|telegram",
        "whatsapp|linkedin",
        "copy link|print|поділитися|поширити|поделиться|teilen|drucken|partager|imprimer|compartir|imprimir",
        "compartilhar|condividi|udostępnij|podziel się|delen|paylaş|مشاركة|شارك|sdílet|distribuie|dela",
        "分享|シェア|공유|שתפו|שיתוף|هم‌رسانی|اشتراک‌گذاری|साझा करें|शेयर करें|แชร์|chia sẻ|bagikan|del|jaa",
        "megosztás|сподели",
    ),
    "byline": (
        "by|author|written by|автор|автори|авторы|текст|von|autor|autorin|text|par|auteur|por|autora|autore|door",
        "av|מאת|نویسنده|خبرنگار|लेखक|โดย|ผู้เขียน|tác giả|oleh|penulis|skrevet af|kirjoittaja|szerző",
        "автор|yazan|yazar|الكاتب|بقلم|كتب|作者|记者|文|기자",
    ),
    "published": (
        "published|posted|published on|first published|date|опубліковано|дата|опубликовано|veröffentlicht|stand",
        "publié le|publié|publicado|publicado el|publicado em|pubblicato|opublikowano|data publikacji",
        "gepubliceerd|yayınlanma|yayın tarihi|نشر|نشر في|تاريخ النشر|publikováno|publicat|publicerad",
        "发布|发布时间|公開|송고시간|입력|פורסם|منتشر شده|تاریخ انتشار|प्रकाशित|เผยแพร่",
    ),
    "updated": (
        "updated|last updated|updated on|modified|оновлено|обновлено|aktualisiert|mis à jour|mis à jour le",
        "actualizado|atualizado|atualizado em|aggiornato|zaktualizowano|aktualizacja|bijgewerkt|güncelleme",
        "تحديث|آخر تحديث|aktualizováno|actualizat|uppdaterad|更新|更新时间|수정|עודכן|به‌روزرسانی|अपडेट|อัปเดต",
    ),
    "caption": (
        "photo|image|picture|фото|світлина|foto|bild|zdjęcie|fot|fotoğraf|صورة|الصورة|图片|写真|צילום|عکس",
        "फोटो|ภาพ|ảnh|imagen|crédit photo",
    ),
    "copyright": ("copyright|all rights reserved",),
    "comments": (
        "comments|comment|leave a comment|leave a reply|post a comment|add a comment",
        "join the conversation",
        "view comments|show comments|read comments|join the discussion|have your say|letters to the editor",
        "about the author|about the authors|about the company|notes to editors|media contact|press contact|contact",
        "коментарі|залишити коментар|додати коментар|про автора|комментарии|оставить комментарий",
        "об авторе|контакти",
        "kommentare|kommentar schreiben|diskutieren sie mit|über den autor|zum autor|über das unternehmen",
        "pressekontakt",
        "kontakt|commentaires|laisser un commentaire|réagir|à propos de l'auteur|contact presse|à propos",
        "comentarios|deja un comentario|deja tu comentario|sobre el autor|contacto|contacto de prensa|acerca de",
        "comentários|deixe um comentário|sobre o autor|contato|commenti|lascia un commento|l'autore|contatti",
        "komentarze|dodaj komentarz|o autorze|kontakt dla mediów|reacties|reageer|over de auteur|yorumlar",
        "yorum yaz",
        "yazar hakkında|iletişim|التعليقات|أضف تعليقا|أضف تعليق|عن الكاتب|komentáře|diskuse|o autorovi|comentarii",
        "lasă un comentariu|despre autor|kommentarer|kommentera|om författaren|presskontakt|kommentar",
        "σχόλια|σχετικά με",
        "επικοινωνία|评论|发表评论|網友評論|コメント|お問い合わせ|댓글|문의",
        "टिप्पणियाँ|संपर्क|תגובות|הוסף תגובה|צור קשר|نظرات|تماس",
    ),
}

COPYRIGHT: Final = (
    "©", "(c) ", "copyright ", "all rights reserved", "усі права", "всі права", "все права", "alle rechte",
    "tous droits", "todos los derechos", "todos os direitos", "tutti i diritti", "wszelkie prawa", "alle rechten",
    "tüm hakları", "جميع الحقوق", "všechna práva", "toate drepturile", "版权所有",
)  # fmt: skip
"""How copyright lines begin."""

SIGNED: Final = ("by ", "von ", "par ", "por ", "door ", "av ", "di ", "بقلم ")
"""How bylines begin that have no colon."""

READING: Final = (
    "read", "lesezeit", "lektüre", "lecture", "читан", "чтен", "прочит", "lectura", "leitura", "lettura", "czytani",
    "קריאה", "مطالعه", "पढ़", "อ่าน", "leestijd", "okuma", "čtení", "läs", "lesetid", "قراءة", "للقراءة", "citire",
    "ανάγνωσ", "阅读", "閱讀", "読", "읽",
)  # fmt: skip
MINUTES: Final = (
    "min",
    "хв",
    "мин",
    "dk",
    "dak",
    "دقيق",
    "دقائق",
    "λεπτ",
    "perc",
    "דקות",
    "דקה",
    "دقیقه",
    "मिनट",
    "นาที",
    "分",
    "분",
)
"""Stems of both are in the lines that say how long an article takes to read."""

TIME_WORDS: Final = frozenset(
    {"time", "jour", "року", "года", "الساعة", "godz", "kyiv", "edited"}.union(
        *(row.replace("|", " ").split() for name in ("published", "updated") for row in _HEADED[name])
    )
)
"""Words beside a time that do not make its line a sentence."""


_EDGES: Final = " \t:：.…>»›→|-–—*#•▪"
_PREFIX: Final = 40
"""Characters before the colon of a label."""


def key(text: str) -> str:
    """`text` as it is looked up and compared: casefolded, without colons and arrows at its ends.

    The dot over a capital Turkish I goes as well: casefolding makes it a letter of its own.
    """
    return text.casefold().strip(_EDGES).replace("\u2019", "'").replace("\u0307", "")


def _table() -> dict[str, Label]:
    return {key(entry): label for label, rows in _HEADED.items() for row in rows for entry in row.split("|")}


GENERAL: Final[Mapping[str, Label]] = _table()
UPDATED: Final = tuple(entry for entry, label in GENERAL.items() if label == "updated")


def split_label(text: str) -> tuple[str, str] | None:
    """`Tags: a, b` as key and rest; None without a colon near the beginning."""
    head, colon, rest = text[: _PREFIX + 1].replace("：", ":").partition(":")
    return (key(head), text[len(head) + 1 :].strip()) if colon and rest.strip() else None
