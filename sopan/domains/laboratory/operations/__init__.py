"""The verbs that write rows of the laboratory, by subject: items, assignment, results, judging, reports.

They run in the transaction that completes a step, or in their own with a journal entry where a step is not completed.
"""
