"""The pages of the site as a reader of the shipped data meets them."""

from __future__ import annotations

#: Addresses by what they show.
PAGES = {
    "home": "/",
    "search": "/search?q=西园",
    "search-kind": "/search?type=person",
    "search-nothing": "/search?q=没有这个名字",
    "place": "/id/place/pl-xiyuan",
    "organization": "/id/organization/org-xiyuan",
    "person": "/id/person/ex-c07-p1?at=2020",
    "post": "/id/post/ex-c12-cy-post?evidence=post-succession",
    "model": "/id/model/gm-2zhan",
    "project": "/id/project/ex-prj-1",
    "flow": "/id/flow/ex-ff-1",
    "sentence": "/id/sentence/xiyuan-S01",
    "compare-choose": "/compare",
    "compare": "/compare?m=gm-2zhan&m=gm-1zhan&m=ex-gm&pin=gm-2zhan",
    "compare-places": "/compare?p=ex-c01&p=ex-c12&at=2021&diff=1",
    "compare-unclear": "/compare?m=gm-2zhan&p=示例",
    "rules": "/rules",
    "rules-of": "/rules/gm-2zhan?status=broken&status=open&status=kept",
    "rules-empty": "/rules/gm-1zhan",
    "finding": "/findings?rule=post-rule/pr-1&place=place/ex-c07&person=person/ex-c07-p1"
    "&slot=post-slot/po-gzz-zz&since=2021-04-01",
    "no-finding": "/findings?rule=post-rule/pr-1&place=place/ex-c01",
    "queries": "/queries",
    "query": "/queries/post-succession?post=ex-c12-cy-post&evidence=true",
    "query-empty": "/queries/post-succession",
    "query-wrong": "/queries/holders-on-date?at=2020-13",
    "editor": "/query",
    "editor-rows": "/query?q=SELECT * WHERE { ?s a foaf:Person } LIMIT 5",
    "editor-fault": "/query?q=SELECT * WHERE { ?s ?p }",
    "funding": "/funding",
    "bodies": "/bodies?place=ex-c07&at=2020",
    "bodies-choose": "/bodies",
    "network": "/network",
    "ontology": "/ontology",
    "class": "/ontology/gov:Appointment",
    "class-elsewhere": "/ontology/org:Post",
    "shapes": "/shapes",
    "shape": "/shapes/PlaceShape",
    "docs": "/docs",
    "docs-one": "/docs/get-api-v1-queries-post-succession",
    "data": "/data",
    "upload": "/data/upload?dataset=xiyuan&table=persons.csv",
    "releases": "/data/releases",
    "diff": "/data/diff",
    "nothing-here": "/nothing-here",
    "no-entity": "/id/place/nowhere",
}
#: Those that are no success, and their status.
STATUS = {
    "query-wrong": 422, "editor-fault": 400, "nothing-here": 404, "no-entity": 404,
    "compare-unclear": 404, "no-finding": 404,
}  # fmt: skip
