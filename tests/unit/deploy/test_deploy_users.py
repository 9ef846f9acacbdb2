"""The table of NATS users, without a server."""

import json

import pytest

from deploy.nats.users import CONFIG, inbox, server_config, users
from shared.bus.connection import inbox as prefix
from shared.subjects import STAGES, SUBJECTS


def of(name: str, publishers: dict[str, list[str]] | None = None) -> set[str]:
    (user,) = [each for each in users(publishers or {}) if each.name == name]
    return set(user.publish)


def test_each_stage_has_a_user_that_may_publish_what_the_table_says() -> None:
    for name in STAGES:
        wanted = {each.pattern.replace("*", name, 1) if each.pattern.count("*") > 1 else each.pattern
                  for each in SUBJECTS if name in each.producers}  # fmt: skip
        assert {each for each in of(name) if not each.startswith("$JS")} == wanted


def test_no_worker_may_make_a_consumer_or_read_any_other_consumer() -> None:
    for name in STAGES:
        more = {"$JS.API.STREAM.MSG.GET.RAW"} if name == "fetch" else set()  # it looks at what took its message's id
        asked = {each for each in of(name) if each.startswith("$JS.API.")} - more
        prefix_, place = "$JS.API.CONSUMER.", f".{STAGES[name].consumer.durable}"
        verbs = {each.removeprefix(prefix_).removesuffix(place).rpartition(".")[0] for each in asked}
        assert verbs == {"INFO", "MSG.NEXT"}


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], {"news.raw.*"}),
        (["reuters"], {"news.raw.reuters"}),
        (["Reuters UK", "afp"], {"news.raw.reuters-uk-dc8ecfcd", "news.raw.afp"}),
    ],
)
def test_a_publisher_may_publish_its_sources(sources: list[str], expected: set[str]) -> None:
    from shared.subjects import RAW, token

    assert of("wire", {"wire": sources}) == ({RAW.of(token(each)) for each in sources} or {"news.raw.*"})
    assert len(of("wire", {"wire": sources})) == len(expected)


@pytest.mark.parametrize("name", ["parse", "keeper", "ctl", "provision"])
def test_a_publisher_cannot_have_a_services_name(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        users({name: []})


def test_everybody_listens_on_its_own_inbox() -> None:
    for user in users({"wire": []}):
        assert f"{prefix(user.name)}.>" == inbox(user.name)
        assert inbox(user.name) in user.subscribe


def test_the_configuration_holds_each_user_once_and_nobody_else() -> None:
    known = users({"wire": ["reuters"]})
    text = server_config({user.name: f"U{number}" for number, user in enumerate(known)}, known, "/data")
    assert text.count("nkey:") == len(known)
    assert "no_auth_user" not in text
    assert "sync_interval: always" in text
    assert "js_ack_fc_v2: false" in CONFIG
    line = next(line for line in text.splitlines() if line.strip().startswith(f"{{ nkey: U{len(known) - 1},"))
    rights = json.loads(line.split("permissions: ")[1].rsplit("}", 1)[0])
    assert rights["publish"]["allow"] == ["news.raw.reuters"]
