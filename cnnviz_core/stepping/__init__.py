"""Operations on small grids, one stop at a time: what is read, what is written, and the sum."""
