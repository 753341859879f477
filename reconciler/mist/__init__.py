"""The HTTP edge: the only package that talks to the Mist cloud, and the home of `requests`.

`connection` says where and how, `session` sends one call with its retries, `client` has the verbs that the stages
use. Library errors end here: what comes out is data or an error of `reconciler.errors`.
"""

from reconciler.mist.client import Calls, MistClient, connect
from reconciler.mist.connection import Connection, Exchange
from reconciler.mist.pacing import Timing

__all__ = ["Calls", "Connection", "Exchange", "MistClient", "Timing", "connect"]
