"""A release described for those who do not know it: VoID, DCAT 3 and PROV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from govgraph.http.rdf import Value, a, number, says
from govgraph.lookup.statistics import Statistics, dataset_iri
from govgraph.release import Release
from govgraph.vocabulary import PREFIXES, PROV

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = PREFIXES["dcterms"]
SPDX = "http://spdx.org/rdf/terms#"
FORMATS = "http://www.w3.org/ns/formats/"
NAMES = {"void": VOID, "dcat": DCAT, "spdx": SPDX}
_DATE_TIME = NamedNode(PREFIXES["xsd"] + "dateTime")
_HEX = NamedNode(PREFIXES["xsd"] + "hexBinary")
_DUMPED = "application/n-quads"


class Description:
    """What is said of a release that is served at `root`. `others` are all releases of the home,
    the oldest first."""

    def __init__(
        self, root: str, release: Release, found: Statistics, others: list[Release]
    ) -> None:
        self.root, self.release, self.found, self.others = root, release, found, others
        self.series = NamedNode(f"{root}/.well-known/void#series")
        self.dataset = self._of(release)

    def _of(self, release: Release) -> NamedNode:
        return NamedNode(f"{self.root}/.well-known/void?release={release.id}#dataset")

    def triples(self) -> Iterator[Triple]:
        """The whole description."""
        yield from self._series()
        yield from self._dataset()
        yield from self._counts()
        yield from self._partitions()
        yield from self._distributions()
        yield from self._provenance()
        for lines in self.found.described.values():
            for quad in parse(lines, RdfFormat.N_TRIPLES, rename_blank_nodes=True):
                yield quad.triple

    def _series(self) -> Iterator[Triple]:
        yield from says(
            self.series,
            a(DCAT + "DatasetSeries"),
            (DCTERMS + "title", [Literal("govgraph", language="en")]),
            (DCAT + "first", self._of(self.others[0])),
            (DCAT + "last", self._of(self.others[-1])),
        )
        for release in self.others:
            yield from says(
                self._of(release),
                a(DCAT + "Dataset", VOID + "Dataset"),
                (DCAT + "inSeries", self.series),
                (DCAT + "version", Literal(release.id)),
                (DCTERMS + "issued", _created(release)),
            )

    def _dataset(self) -> Iterator[Triple]:
        place = [release.id for release in self.others].index(self.release.id)
        before = self._of(self.others[place - 1]) if place else None
        described = NamedNode(f"{self.root}/.well-known/void?release={self.release.id}")
        yield from says(
            described,
            a(VOID + "DatasetDescription"),
            (PREFIXES["foaf"] + "primaryTopic", self.dataset),
        )
        yield from says(
            self.dataset,
            a(PROV + "Entity"),
            (DCTERMS + "title", _titles(self.release)),
            (DCTERMS + "identifier", Literal(self.release.id)),
            (DCAT + "previousVersion", before),
            (DCAT + "prev", before),
            (VOID + "sparqlEndpoint", NamedNode(f"{self.root}/sparql")),
            (VOID + "uriSpace", Literal(self.release.manifest["base"])),
            (VOID + "vocabulary", self._vocabularies()),
            (VOID + "exampleResource", map(NamedNode, self.found.examples)),
            (DCTERMS + "hasPart", [NamedNode(self._part(name)) for name in self._datasets()]),
        )

    def _datasets(self) -> list[str]:
        return sorted({item["dataset"] for item in self.release.manifest["inputs"]})

    def _part(self, name: str) -> str:
        return dataset_iri(self.release.manifest["base"], name)

    def _vocabularies(self) -> Iterator[Value]:
        used = [*self.found.properties, *self.found.classes]
        for namespace in sorted(set(PREFIXES.values())):
            if any(iri.startswith(namespace) for iri in used):
                yield NamedNode(namespace)

    def _counts(self) -> Iterator[Triple]:
        size = self.found.size
        yield from says(
            self.dataset,
            (VOID + "triples", number(size["triples"])),
            (VOID + "entities", number(size["entities"])),
            (VOID + "distinctSubjects", number(size["subjects"])),
            (VOID + "distinctObjects", number(size["objects"])),
            (VOID + "classes", number(len(self.found.classes))),
            (VOID + "properties", number(len(self.found.properties))),
        )

    def _partitions(self) -> Iterator[Triple]:
        for place, (iri, counts) in enumerate(self.found.classes.items()):
            yield from self._partition(f"class{place}", "class", iri, counts)
        for place, (iri, counts) in enumerate(self.found.properties.items()):
            yield from self._partition(f"property{place}", "property", iri, counts)

    def _partition(
        self, name: str, kind: str, iri: str, counts: Mapping[str, int]
    ) -> Iterator[Triple]:
        node = BlankNode(name)
        yield from says(self.dataset, (f"{VOID}{kind}Partition", node))
        yield from says(
            node,
            (VOID + kind, NamedNode(iri)),
            (VOID + "entities", number(counts.get("entities"))),
            (VOID + "triples", number(counts.get("triples"))),
            (VOID + "distinctSubjects", number(counts.get("subjects"))),
            (VOID + "distinctObjects", number(counts.get("objects"))),
        )

    def _distributions(self) -> Iterator[Triple]:
        dump = NamedNode(f"{self.root}/api/v1/releases/{self.release.id}/export.nq")
        file, service = BlankNode("file"), NamedNode(f"{self.root}/sparql")
        media = NamedNode(f"https://www.iana.org/assignments/media-types/{_DUMPED}")
        yield from says(
            self.dataset, (VOID + "dataDump", dump), (DCAT + "distribution", file),
            (VOID + "feature", NamedNode(FORMATS + "N-Quads")),
        )  # fmt: skip
        yield from says(
            file,
            a(DCAT + "Distribution"),
            (DCAT + "downloadURL", dump),
            (DCAT + "mediaType", media),
            (DCTERMS + "issued", _created(self.release)),
        )
        yield from says(
            service,
            a(DCAT + "DataService"),
            (DCAT + "endpointURL", service),
            (DCAT + "endpointDescription", service),
            (DCAT + "servesDataset", self.dataset),
            (DCTERMS + "conformsTo", NamedNode("https://www.w3.org/TR/sparql11-protocol/")),
        )

    def _provenance(self) -> Iterator[Triple]:
        """The build, and each file that it read with its digest."""
        made, manifest = BlankNode("build"), self.release.manifest
        yield from says(self.dataset, (PROV + "wasGeneratedBy", made))
        yield from says(made, a(PROV + "Activity"), (PROV + "endedAtTime", _created(self.release)))
        for place, item in enumerate(manifest["inputs"]):
            file, digest = BlankNode(f"input{place}"), BlankNode(f"digest{place}")
            part = NamedNode(self._part(item["dataset"]))
            yield from says(made, (PROV + "used", file))
            yield from says(
                part, a(DCAT + "Dataset"), (DCTERMS + "title", Literal(item["dataset"]))
            )
            yield from says(
                file,
                a(PROV + "Entity"),
                (DCTERMS + "title", Literal(item["file"])),
                (DCTERMS + "isPartOf", part),
                (DCAT + "byteSize", number(item["bytes"])),
                (SPDX + "checksum", digest),
            )
            yield from says(
                digest,
                (SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256")),
                (SPDX + "checksumValue", Literal(item["sha256"], datatype=_HEX)),
            )


def _created(release: Release) -> Literal:
    return Literal(release.manifest["created"], datatype=_DATE_TIME)


def _titles(release: Release) -> list[Value]:
    return [
        Literal(f"地方治理知识图谱，版本 {release.id}", language="zh"),
        Literal(f"Knowledge graph of local governance, release {release.id}", language="en"),
    ]
