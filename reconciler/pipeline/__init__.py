"""The stages in order. Start reading here.

    load -> compose -> validate -> read -> match -> diff -> plan -> apply -> report
    files   documents  resources   live    pairs    changes  ordered  outcomes, read back

Each arrow is a value; only read and apply touch the network. `offline` goes from files to checked resources, `online`
from there to outcomes, and `drift` from the same comparison to a report and the way back into git.
"""
