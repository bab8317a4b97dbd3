/** The base class of all distributions: shapes, arguments and memory live here, a family adds only its own mathematics. */
