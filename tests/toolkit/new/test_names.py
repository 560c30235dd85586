"""Names that AWS, Python or the service do not accept are refused; a name is replaced in each of its spellings."""

import pytest

from toolkit.new.names import Renaming, check_project, check_resource, singular
from toolkit.stacks.errors import FileError


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Orders", "use a-z, 0-9 and single -"),
        ("orders--api", "use a-z, 0-9 and single -"),
        ("1-orders", "use a-z, 0-9 and single -"),
        ("orders api", "use a-z, 0-9 and single -"),
        ("my-aws-orders", "'aws', which a Cognito domain must not have"),
        ("a" * 21, "at most 20, because the name of an S3 bucket"),
        ("class", "a word of Python"),
    ],
)
def test_name_of_a_service_that_aws_or_python_refuses_is_one_sentence(name: str, words: str) -> None:
    with pytest.raises(FileError) as refusal:
        check_project(name)
    assert words in str(refusal.value)
    assert str(refusal.value).count(". ") == 0


@pytest.mark.parametrize("name", ["main", "class", "cold-start", "Orders", "a" * 33, "orders_events", ""])
def test_name_of_a_part_that_is_taken_or_malformed_is_refused(name: str) -> None:
    with pytest.raises(FileError):
        check_resource("the feature", name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: items-api-bootstrap", "name: order-book-bootstrap"),
        ("items_api.zip ItemsApi", "order_book.zip OrderBook"),
        ("Items API of the items API", "Order book API of the order book API"),
        ("@example/items-team items-oncall@example.com", "@example/order-book-team order-book-oncall@example.com"),
        ('scopes "items/read items/write"', 'scopes "order-book/read order-book/write"'),
        ('RESOURCE_SERVER = "items"', 'RESOURCE_SERVER = "order-book"'),
        ('{"identifier": "items", "scopes": []}', '{"identifier": "order-book", "scopes": []}'),
        ("    cost-center: items\n", "    cost-center: order-book\n"),
        ("GET /api/v1/items/read", "GET /api/v1/items/read"),
        ("for key, value in table.items(): items_table", "for key, value in table.items(): items_table"),
    ],
)
def test_renaming_changes_each_spelling_and_no_other_word(before: str, after: str) -> None:
    assert Renaming("items-api", "order-book").text(before) == after


@pytest.mark.parametrize(
    ("plural", "one"),
    [("customers", "customer"), ("companies", "company"), ("boxes", "box"), ("status", "status"), ("staff", "staff")],
)
def test_singular_of_a_plural(plural: str, one: str) -> None:
    assert singular(plural) == one
