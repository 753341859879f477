"""The Mist cloud: what its API has of its own, on top of `transport`.

`connection` says where and how, `session` sends one call with the token and by the cloud's rules, `client` has the
verbs that the stages use; start there. What comes out is data or an error of `reconciler.errors`. Nothing is imported
for those who only need a `Connection`: `requests` takes its time.
"""
