"""A plainly fictional practice for `winddown demo`: invented people, told through the same services as real ones."""
