"""Security intelligence profiles, known so that references to them by name can be resolved.

They can't be declared: their field `profiles` has the name of the key that every object of an inventory has.
"""

from reconciler.kinds.shared.entry import lookup_only

KIND = lookup_only("secintelprofile", plural="secintelprofiles", title="security intelligence profile")
