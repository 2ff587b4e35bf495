"""Files of import jobs: what they hash to, and where they lie while a job runs."""
