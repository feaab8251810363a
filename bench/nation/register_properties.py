"""What a second register says of entities: for each class the properties that its shapes judge.

A line is a property, its marks and up to two good values. The marks: `!` required, `g` given all
the same, `1` at most one value, `c` values of one class, `r` any resource, `i` a value from a list
of ours, `I` a text from a list, `d` a datatype, `m` a number with a minimum, `n` written as a
number, `p` a text of a pattern.
"""

from __future__ import annotations

from dataclasses import dataclass

GOV = "https://w3id.org/govgraph/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
ORG = "http://www.w3.org/ns/org#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
DCT = "http://purl.org/dc/terms/"
SCHEMA, FOAF = "http://schema.org/", "http://xmlns.com/foaf/0.1/"

#: terms that are not ours
NAMESPACES = {
    ORG: ("member", "postIn", "subOrganizationOf", "Organization", "Post"),
    NIF: ("referenceContext", "beginIndex", "endIndex", "Sentence"),
    DCT: ("identifier", "title"),
    SKOS: ("note", "Concept"),
    SCHEMA: ("Project",),
    FOAF: ("Person",),
}


def term(name: str) -> str:
    """The IRI of a property or class."""
    return next((space for space, names in NAMESPACES.items() if name in names), GOV) + name


@dataclass(frozen=True)
class Property:
    """A property as the shapes judge it on one class."""

    name: str
    marks: str
    good: tuple[str, ...]

    @property
    def resource(self) -> bool:
        """Whether its values are entities, written as type/id."""
        return "c" in self.marks or "r" in self.marks


@dataclass(frozen=True)
class Kind:
    """A class: its name, its type in IRIs, whether it needs a label, and its properties."""

    name: str
    path: str
    labelled: bool
    properties: tuple[Property, ...]


def _kind(name: str, path: str, text: str, *, labelled: bool = False) -> Kind:
    lines = (line.split() for line in text.strip().splitlines())
    properties = tuple(Property(name, marks, tuple(good)) for name, marks, *good in lines)
    return Kind(name, path, labelled, properties)


KINDS = (
    _kind("Person", "person", """
        partyMember d
        qualification 1i juniorSocialWorker seniorSocialWorker
        """, labelled=True),
    _kind("Post", "post", """
        postIn !1c organization/{c}-jwh organization/{c}-dw
        fillsPostSlot 1c post-slot/n-c-cy post-slot/n-c-zr
        """, labelled=True),
    _kind("Appointment", "appointment", """
        member !1c person/{c}-p10 person/{c}-p11
        onPost !1c post/{c}-cy post/{c}-sgy
        selection 1i elected appointed
        acting d
        exOfficio d
        heldConcurrently d
        """),
    _kind("Organization", "organization", """
        subOrganizationOf c
        place c
        fillsSlot c
        """, labelled=True),
    _kind("OrganizationGroup", "organization-group", """
        countExact d
        countLower dm
        countUpper dm
        """, labelled=True),
    _kind("Place", "place", "parentPlace 1c place/{c} place/{street}", labelled=True),
    _kind("GovernanceModel", "model", """
        modelStatus 1i current planned
        replacedBy c
        """, labelled=True),
    _kind("ModelAdoption", "adoption", """
        adopter !1c place/{c} place/{street}
        adoptedModel !1c model/n-gm-c model/n-gm-a
        """),
    _kind("BodySlot", "body-slot", """
        ofModel !1c model/n-gm-c model/n-gm-b
        function c
        hostedBy c
        """, labelled=True),
    _kind("PostSlot", "post-slot", """
        ofModel rg model/n-gm-c
        inBodySlot 1rg body-slot/n-c-dw body-slot/n-c-jwh
        minHolders dm
        maxHolders dm
        """, labelled=True),
    _kind("Function", "function", "performedBy c", labelled=True),
    _kind("PostRule", "post-rule", """
        ofModel !1c model/n-gm-c model/n-gm-b
        ruleType !1i termLength holderCount
        modality !1i may must
        condition 1i isPartyMember isNotPartyMember
        ifHolds c
        thenHolds c
        targetPost c
        filledByHolderOf c
        ifInBody c
        thenInBody c
        tier 1i samePlace anyPlace
        minHolders dm
        maxHolders dm
        maxTerm dp
        maxTenure dp
        maxTerms dm
        """),
    _kind("StaffingRule", "staffing-rule", """
        ofModel !1c model/n-gm-c model/n-gm-b
        forBodySlot 1c body-slot/n-c-dw body-slot/n-c-jwh
        countsPostSlot c
        instrument 1i subsidy allowance
        minCount dm
        maxCount dm
        """),
    _kind("StaffingStandard", "staffing-standard", """
        unitCount dm
        minPerUnit dm
        """, labelled=True),
    _kind("Project", "project", """
        place c
        sponsor c
        carriedBy c
        """, labelled=True),
    _kind("TargetGroup", "target-group", """
        targetOf !c project/{c}-j0
        groupSize c
        """, labelled=True),
    _kind("ProjectRole", "project-role", """
        actor rg organization/{c}-sgz
        inProject c
        place c
        """, labelled=True),
    _kind("MediaRole", "media-role", """
        medium !1c organization/{c}-sgz organization/{c}-jwh
        mediaRole !1I founder content
        actor rg organization/{c}-sgz
        """),
    _kind("FundingFlow", "flow", """
        funder 1c organization/{c}-jwh organization/{c}-dw
        recipient 1cg organization/{c}-jwh organization/{c}-dw
        precision !1i unknown exact
        instrument 1i grant subsidy
        partOfFlow c
        forProject c
        fiscalYear d
        """),
    _kind("ExchangeRate", "exchange-rate", """
        fromCurrency !1p CNY TWD
        toCurrency !1p USD EUR
        rate !n 0.15
        """),
    _kind("Observation", "observation", """
        about !1r place/{c} place/{street}
        measure !1c measure/n-households measure/n-beneficiaries
        precision !1i unknown exact
        """),
    _kind("Computation", "computation", """
        about !1r place/{c} place/{street}
        computedFrom cg observation/{c}-o0
        formula !
        value !
        """),
    _kind("Event", "event", """
        eventType !1i foundation awarding
        datePrecision 1I day month
        """, labelled=True),
    _kind("Award", "award", """
        level 1i nationalLevel cityLevel
        awardedTo c
        year d
        recipientsTotal dm
        """, labelled=True),
    _kind("Relation", "relation", """
        subject !1r place/{c} place/{street}
        predicateName !1I governs funds
        object !1r place/{c} place/{street}
        """),
    _kind("DataNote", "data-note", """
        kind !1I gap trap
        missingProperty 1I date name
        note !
        """),
    _kind("Document", "document", "title !"),
    _kind("Sentence", "sentence", """
        referenceContext !1c document/{area}-doc
        identifier !
        beginIndex !
        endIndex !
        """),
)  # fmt: skip
DATES = ("start", "end", "date", "asOf", "founded", "dissolved", "created", "abolished")
