namespace AnalogHil.Engine.Data.Sets;

/// <summary>One split as its files hold it.</summary>
/// <param name="Name">Name of the set and split, for records.</param>
/// <param name="Count">Images that the files announce.</param>
/// <param name="Files">Every file that the split consists of.</param>
/// <param name="Images">The images in file order, read or decoded when they are asked for.</param>
internal sealed record StoredSet(string Name, int Count, IReadOnlyList<string> Files, IEnumerable<StoredImage> Images);
