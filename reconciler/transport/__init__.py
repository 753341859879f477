"""One HTTP edge for all hosts that are called: sent in time, judged, repeated where that is harmless.

    Sender.exchange  one request -> Raw (an answer that arrived) or Trouble (how the connection failed)
    Line.call        attempts -> what one returned, or the Failure after which there is to be no other

`mist` and `comment` bring what is their host's own: paths, headers, texts of errors, and a `RetryPolicy` as data. The
exceptions of `requests` and urllib3 end here. Nothing is imported for those who only need a `Route`.
"""
