"""Datelines that agencies begin their paragraphs with."""

import pytest

from services.parse.text.dateline import Dateline, find_dateline


@pytest.mark.parametrize(
    ("paragraph", "dateline"),
    [
        ("WASHINGTON (AP) \u2014 The council met.", "WASHINGTON (AP)"),
        ("KYIV. June 7 (Northern Wire) \u2013 The council met.", "KYIV. June 7 (Northern Wire)"),
        ("PARIS, June 7 (Wire) - The council met.", "PARIS, June 7 (Wire)"),
        ("Paris, le 7 juin - Le conseil s'est réuni.", "Paris, le 7 juin"),
        ("NEW YORK -- The council met.", "NEW YORK"),
        ("Київ. 7 червня. Північне агентство \u2013 Рада зібралася.", "Київ. 7 червня. Північне агентство"),
        ("The council \u2014 all nine of it \u2014 met.", None),
        ("Maria Voss \u2014 the mayor \u2014 met the council.", None),
        ("The long and winding road to Lorn (and back) \u2014 a story.", None),
        ("He said so - on 7 May.", None),
        ("\u2014 Where is it?", None),
        ("The council met.", None),
        ("", None),
        ("Mr Smith (Conservative) said the council met.", None),
        ("Microsoft (MSFT) shares rose.", None),
        ("Apple - 7 June event review", None),
    ],
)
def test_a_dateline_is_told_from_a_sentence_with_a_dash(paragraph: str, dateline: str | None) -> None:
    found = find_dateline(paragraph)

    assert (found.text if found else None) == dateline


@pytest.mark.parametrize(
    ("paragraph", "text", "place", "by"),
    [
        ("ПАРИЖ, 7 июня /ТАСС/. Совет собрался.", "ПАРИЖ, 7 июня /ТАСС/", "ПАРИЖ", ""),
        ("МОСКВА, 7 июн \u2014 Агентство. Совет собрался.", "МОСКВА, 7 июн", "МОСКВА", ""),
        ("Berlin (dpa) - Der Rat tagte.", "Berlin (dpa)", "Berlin", ""),
        ("BERLIN, 7. Juni (dpa) - Der Rat tagte.", "BERLIN, 7. Juni (dpa)", "BERLIN", ""),
        ("Frankfurt am Main (dpa) - Der Rat tagte.", "Frankfurt am Main (dpa)", "Frankfurt am Main", ""),
        ("Madrid, 7 jun (EFE).- El consejo se reunió.", "Madrid, 7 jun (EFE)", "Madrid", ""),
        ("(ANSA) - ROMA, 07 GIU - Il consiglio si è riunito.", "(ANSA) - ROMA, 07 GIU", "ROMA", ""),
        ("Warszawa, 07.06.2024 (PAP) - Rada zebrała się.", "Warszawa, 07.06.2024 (PAP)", "Warszawa", ""),
        ("BEIJING, June 7 (Xinhua) -- The council met.", "BEIJING, June 7 (Xinhua)", "BEIJING", ""),
        ("Praha 7. června 2024 (ČTK) - Rada se sešla.", "Praha 7. června 2024 (ČTK)", "Praha", ""),
        (
            "Budapest, 2024. június 7., péntek (MTI) - A tanács.",
            "Budapest, 2024. június 7., péntek (MTI)",
            "Budapest",
            "",
        ),
        ("New Delhi, Jun 7 (PTI) The council met.", "New Delhi, Jun 7 (PTI)", "New Delhi", ""),
        ("Oslo (NTB): Rådet møttes.", "Oslo (NTB)", "Oslo", ""),
        ("København /ritzau/ Rådet mødtes.", "København /ritzau/", "København", ""),
        ("București, 7 iun /Agerpres/ - Consiliul.", "București, 7 iun /Agerpres/", "București", ""),
        ("Paris, 7 juin 2024 (AFP) - Le conseil.", "Paris, 7 juin 2024 (AFP)", "Paris", ""),
        ("Lisboa, 07 jun 2024 (Lusa) - O conselho.", "Lisboa, 07 jun 2024 (Lusa)", "Lisboa", ""),
        ("القاهرة 7 يونيو (رويترز) - اجتمع المجلس.", "القاهرة 7 يونيو (رويترز)", "القاهرة", ""),
        ("新华社北京6月7日电（记者王明）理事会开会。", "新华社北京6月7日电（记者王明）", "北京", "王明"),
        ("（中央社記者王明台北7日電）理事會開會。", "（中央社記者王明台北7日電）", "", ""),
        ("(서울=연합뉴스) 김민수 기자 = 이사회가 열렸다.", "(서울=연합뉴스) 김민수 기자", "서울", "김민수"),
        ("【ロンドン共同】評議会が開かれた。", "【ロンドン共同】", "ロンドン", ""),
    ],
)
def test_agencies_of_the_world_open_their_stories_so(paragraph: str, text: str, place: str, by: str) -> None:
    assert find_dateline(paragraph) == Dateline(text, place, by)
