"""What remembers and decides: consent, custody, review, release, search and publication of testimony."""
