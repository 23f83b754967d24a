"""What is sold, in which units, at which price.

A price is found by walking the customer's own price list, then the company's default list of the
currency; within a list the row with the highest minimum quantity reached on that day wins.
"""
