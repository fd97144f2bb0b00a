// Each class is a collection of its own: while one waits for the last of its runs, another uses the free core.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerClass)]
