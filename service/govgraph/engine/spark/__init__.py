"""The cluster: the columnar compiler's queries on Spark, over the Parquet files of a release."""
