"""The rows of a matrix that is stored in another order, sorted through scratch."""
