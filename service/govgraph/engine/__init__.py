"""Query engines behind one interface."""
