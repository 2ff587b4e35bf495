"""The numbers and addresses of a subject: what is shown of them, and seeing one in clear."""
