"""What mentions are called, why they are proposed and how sure that is, in words for people.

English; translated where they are shown (tests/messages.py takes every sentence of this module into the catalogues).
"""

from __future__ import annotations

LABELS = {
    "surname": "surname",
    "patronymic": "patronymic",
    "phone": "telephone number",
    "email": "e-mail address",
    "handle": "user name",
    "document": "document number",
    "address": "address",
    "account": "bank account, card or wallet",
    "plate": "car plate",
    "birth": "day of birth",
}
WHY = {
    "protected": "on the narrator’s list",
    "public-figure": "in the list of public figures",
    "tagged-surname": "recognised as a surname",
    "tagged-beside-first-name": "recognised beside a first name",
    "after-first-name": "stands after a first name",
    "after-patronymic": "stands after a patronymic",
    "before-first-name": "stands before a first name",
    "after-title": "stands after a title or a degree of kinship",
    "with-initials": "stands with initials",
    "with-initials-said": "stands with initials that are said",
    "after-particle": "stands after a particle of a surname",
    "second-first-name": "the second of two first names in a row",
    "english-surname": "recognised as an English surname",
    "false-start": "the beginning of a name, broken off",
    "spelled-out": "spelled out letter by letter",
    "learned": "reads like a name here",
    "same-name": "the same name as elsewhere",
    "sounds-alike": "sounds like a name found elsewhere",
    "surname": "known as a surname",
    "patronymic": "a patronymic by its form",
    "initial": "the initial of a patronymic",
    "particle": "part of a surname",
    "tagged": "recognised as a person",
    "end-of-name": "ends a name of several words",
    "well-known": "the surname of a public figure",
    "english-pair": "two names in a row",
    "english-rare": "a rare word written as a name",
    "eastern-name": "a name in eastern order",
    "eastern": "a name in eastern order",
    "announced": "announced as a name",
    "speaker": "named as a speaker",
    "family": "named as a family",
    "enumerated": "stands in a list of names",
}
OTHER = "looks like a name"
IDENTIFIER = "its form"
SURENESS = ((0.5, "quite sure"), (0.2, "likely"), (0.0, "not sure: hear it"))
DECISIONS = {"conceal": "concealed", "ask": "concealed until somebody decides", "public-figure": "kept"}
LINE = "{start}–{end}: {label}, person {person}: {why} ({sureness}); {decision}"


def why(code: str) -> str:
    """Why something with the code of a finder is proposed."""
    return WHY.get(code, IDENTIFIER if code in LABELS else OTHER)


def sureness(value: float) -> str:
    """How sure a finder is."""
    return next(words for least, words in SURENESS if value >= least)
