"""The HTTP edge: the only package that talks to the Mist cloud, and the home of `requests`.

`connection` says where and how, `session` sends one call with its retries, `client` has the verbs that the stages
use; start there. Library errors end here: what comes out is data or an error of `reconciler.errors`. Nothing is
imported for those who only need a `Connection`: `requests` takes its time.
"""
