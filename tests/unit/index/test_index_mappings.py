"""The mapping and the contract say the same: each stored field is mapped, and nothing is mapped that is not stored."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from deploy.opensearch.mappings import ARTICLE, REVISION, STORED, in_languages, strict
from deploy.opensearch.templates import Cluster, templates
from services.index.core import Change, document, revision, stamped
from shared.contracts import EnrichedArticle, Origin
from shared.indices import ANALYZERS, SEARCH_FIELDS, language_key
from tests.fakes.enriched import OBSERVED, whole_article


def stored() -> dict[str, Any]:
    """A document with every field that can be stored, unknown ones too."""
    made = document(whole_article(), Origin(1, 2, 3), "ab" * 16)
    return stamped({**made, "extra": {"later": 1}}, Change("new"), OBSERVED.isoformat(), OBSERVED)


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The contract inside `tuple[Author, ...]` or `Image | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := model_of(each))), None)


def test_every_field_of_the_contract_is_mapped_and_no_other() -> None:
    assert ARTICLE.keys() == EnrichedArticle.model_fields.keys()


def test_every_part_of_a_field_is_mapped_unless_the_field_is_opaque() -> None:
    for name, field in EnrichedArticle.model_fields.items():
        model = model_of(field.annotation)
        if model and ARTICLE[name].get("type") not in {"object", "flat_object"}:
            assert ARTICLE[name]["properties"].keys() == model.model_fields.keys(), name


def test_a_whole_document_has_exactly_the_mapped_fields() -> None:
    assert stored().keys() == ARTICLE.keys() | STORED.keys()


def test_a_whole_revision_has_exactly_the_mapped_fields() -> None:
    assert revision(stored()).keys() == REVISION.keys()


def test_searched_fields_exist() -> None:
    fields = strict(ARTICLE, STORED)["properties"]
    for each in SEARCH_FIELDS:
        name, _, part = each.partition("^")[0].partition(".")
        assert name in fields
        assert not part or part == "*" or part in fields[name]["fields"]


def test_text_of_any_language_has_a_field() -> None:
    keys = in_languages()["properties"].keys()
    assert keys == {*ANALYZERS}
    cases = {"en": "en", "en-GB": "en", "EN": "en", "nb-NO": "no", "uk": "uk", "xx": None, "": None, None: None}
    assert {language: language_key(language) for language in cases} == cases


def test_templates_differ_between_clusters_only_in_what_differs() -> None:
    def body(cluster: Cluster, name: str) -> Mapping[str, Any]:
        return next(each.body for each in templates(cluster) if each.name == name)

    plain, plugin = Cluster(ukrainian=False), Cluster(ukrainian=True, replicas=1)
    for name in ("news-settings", "news-article"):
        assert body(plain, name) != body(plugin, name)
        assert body(plain, name)["_meta"]["hash"] != body(plugin, name)["_meta"]["hash"]
    assert body(plain, "news-revision") == body(plugin, "news-revision")


def test_the_text_stands_plain_and_again_under_its_language() -> None:
    document = stored()
    assert document["body"] == whole_article().body
    assert document["body_in"] == {"en": whole_article().body}
    assert document["headline_in"] == {"en": whole_article().headline}
