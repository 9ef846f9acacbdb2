"""Words and people that are called like places, in five languages; and the places they are called like."""

import pytest

from services.enrich.steps import entities
from tests.unit.enrich.naming import named, on_map

TRAPS = {
    "en": (
        "Reading is good for children, said the teacher. | Reading",
        "Nice weather is expected on the coast this weekend. | Nice",
        "Mobile phones were banned from the classrooms. | Mobile",
        "Turkey is best served with cranberry sauce, the cook wrote. | Türkiye Turkey",
        "The film was directed by Jordan Peele last year. | Jordan",
        "Jordan Mills scored twice before the break. | Jordan",
        "The dress was worn by Paris Hilton at the gala. | Paris",
        "Georgia Hale won the race by two seconds. | Georgia",
        "The report was signed by Georgia Brandt. | Georgia",
        "The poem was read by Florence Webb in the chapel. | Florence Firenze",
        "Austin Cole repaired the old harbour crane. | Austin",
        "Sofia Lindgren teaches music at the school. | Sofia",
        "The goalkeeper Chad Morrow saved a penalty. | Chad",
        "The trial of Houston Grey begins on Monday. | Houston",
        "China plates and cups were sold at the fair. | China",
        "Split decisions are common in boxing. | Split",
        "Bath towels were handed out to the swimmers. | Bath",
        "Orange juice prices rose again in spring. | Orange",
        "The fair will open in March, the mayor said. | March",
        "The adviser left the White House on Tuesday. | Casablanca",
        "They met in Central Park, said Ann Lee. | Bethpage",
    ),
    "de": (
        "Das Essen in der Kantine wird teurer. | Essen",
        "In der Halle standen mehr als hundert Gäste. | Halle Halle (Saale)",
        "Der Regen hörte erst am Abend auf. | Regen",
        "Die Kinder lernten das Singen im Chor. | Singen",
        "Nach dem Baden im See wurde gegrillt. | Baden",
        "Florian Hagen eröffnete die neue Bücherei. | Hagen",
        "Der Trainer Paul Hamm trat zurück. | Hamm",
        "Die Lage an der Küste bleibt ruhig. | Lage",
        "Das Leben im Hafen ist hart. | Leben",
        "Die Burg wurde im Krieg zerstört. | Burg",
        "Sofia Wagner leitet den Chor seit Mai. | Sofia",
        "Die Norden des Landes leidet unter Sturm. | Norden",
        "Im Juli und im Mai war es im Alter von 80 Jahren still. | Gyula Mai Aalter",
        "Der Elfmeter fiel, als Rot im Raum stand. | Rauma",
        "Im Zug saß niemand. | Zug",
        "Das Schiff fuhr unter drei Namen. | Namur",
    ),
    "fr": (
        "Le président Florent Tours a remercié les bénévoles. | Tours",
        "Les tours du château seront restaurées. | Tours",
        "Nice Martin a gagné la course à pied. | Nice",
        "Mme Florence Vidal dirige la chorale. | Florence",
        "Orange vif, le bateau se voit de loin. | Orange",
        "Bonne soupe et bon pain attendaient les marins. | Bonn Bonne",
        "Lourdes pertes pour le port cette année. | Lourdes",
        "La maire Victoria Petit a coupé le ruban. | Victoria",
        "Le chanteur Jordan Leroy revient en mai. | Jordan",
        "Sens interdit, la rue restera fermée. | Sens",
        "Vienne que pourra, dit le pêcheur. | Wien Vienna",
        "Le juge Alexandre Brest a levé la séance. | Brest",
    ),
    "es": (
        "Mercedes Rojas dirige el museo del puerto. | Mercedes",
        "La doctora Valencia Ruiz operó al niño. | Valencia",
        "Santiago Herrero ganó la carrera popular. | Santiago",
        "Rosario Peña cantó en la plaza vieja. | Rosario",
        "El alcalde León Vidal inauguró la feria. | León Leon",
        "Toledo dijo que no volvería a cantar. | Toledo",
        "Los Ángeles de madera fueron restaurados. | Los Angeles Los Ángeles",
        "Victoria Lozano escribió la novela. | Victoria",
        "El juez Córdoba Núñez cerró el caso. | Córdoba",
        "La ministra Carolina Soto visitó la escuela. | Carolina",
        "Granada de mano hallada en la playa. | Granada",
        "Guadalupe Sanz abrió una librería. | Guadalupe",
    ),
    "uk": (
        "Софія Марчук очолила міську бібліотеку. | Sofia",
        "Рівне поле простягалося до моря. | Rivne",
        "Суми позовів зросли удвічі. | Sumy",
        "Вікторія Лисенко перемогла у забігу. | Victoria",
        "Лондон Андрій зіграв головну роль. | London",
        "Гола правда виявилася гіркою. | Gola Hola",
        "Мала рада зібралася у вівторок. | Mala",
        "Олександрія Бойко співає у хорі. | Alexandria Oleksandriya",
    ),
}
CASES = [(tongue, *trap.split(" | ")) for tongue, traps in TRAPS.items() for trap in traps]
REAL = (
    ("en", "The train from London reached Reading at noon. Police in Reading closed the road.", "Reading"),
    ("en", "The minister met fishermen in Nice and in Paris on Friday.", "Nice"),
    ("en", "Leaders from Turkey and Georgia signed the treaty in Jordan.", "Jordan"),
    ("de", "Der Zug aus Hamburg kam in Essen an.", "Essen"),
    ("fr", "Le train parti de Nice est arrivé à Tours.", "Tours"),
    ("es", "La feria se celebra en Valencia y en Granada.", "Granada"),
    ("uk", "Потяг зі Львова прибув до Рівного, а потім у Рівне.", "Rivne"),
)


@pytest.fixture(params=["models", "rules alone"], autouse=True)
def _recognisers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "rules alone":
        monkeypatch.setattr(entities, "usable", tuple)
    elif not entities.usable():
        pytest.skip("no model is installed")


@pytest.mark.parametrize(("tongue", "text", "names"), CASES)
def test_a_word_or_person_that_is_called_like_a_place_is_none(tongue: str, text: str, names: str) -> None:
    assert not on_map(named(text, tongue)) & {names, *names.split()}


@pytest.mark.parametrize(("tongue", "text", "name"), REAL)
def test_the_place_itself_is_found_where_the_text_says_it_is_one(tongue: str, text: str, name: str) -> None:
    assert name in on_map(named(text, tongue))


def test_there_are_sixty_traps_in_five_languages() -> None:
    assert (len(CASES) >= 60, len(TRAPS)) == (True, 5)
