"""Run time: carries out a plan and decides nothing."""
