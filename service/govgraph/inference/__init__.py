"""What follows from the ontology's axioms and from the rules of queries/rules."""
