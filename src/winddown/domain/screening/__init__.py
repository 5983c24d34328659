"""Screening: what is asked, the rules that run on the answers, the checks that expire, and the decision a prescriber takes."""
