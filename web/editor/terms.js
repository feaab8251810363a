// The prefixes, classes and properties of the release, asked for once.
export const terms = { prefixes: {}, classes: [], properties: [], ready: null };

export function fetchTerms(address) {
  terms.ready = fetch(address)
    .then((answer) => (answer.ok ? answer.json() : {}))
    .then((found) => Object.assign(terms, found))
    .catch(() => terms); // without them one types the names oneself
  return terms.ready;
}
