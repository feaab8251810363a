"""Qualitative comparative analysis: conditions are named queries, calibration is explicit."""
