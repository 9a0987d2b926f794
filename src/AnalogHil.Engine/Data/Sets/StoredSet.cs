namespace AnalogHil.Engine.Data.Sets;

/// <summary>One split as its files hold it.</summary>
/// <param name="Name">Name of the set and split, for records.</param>
/// <param name="Count">Images that the files announce.</param>
/// <param name="Files">Every file that the split consists of.</param>
/// <param name="Images">The images in file order, read or decoded when they are asked for.</param>
internal sealed record StoredSet(string Name, int Count, IReadOnlyList<string> Files, IEnumerable<StoredImage> Images)
{
    /// <summary>Reads the images at ascending places and no others; null where passing over an image costs nothing.</summary>
    public Func<IReadOnlyList<int>, IEnumerable<StoredImage>>? Some { get; init; }

    /// <summary>The images at some places, fewer where the files end before.</summary>
    /// <param name="places">Ascending, from 0, none twice.</param>
    public IEnumerable<StoredImage> At(IReadOnlyList<int> places) => Some is null ? Pick(places) : Some(places);

    private IEnumerable<StoredImage> Pick(IReadOnlyList<int> places)
    {
        int picked = 0;
        int place = 0;
        foreach (StoredImage image in Images)
        {
            if (picked == places.Count)
            {
                yield break;
            }

            if (place++ == places[picked])
            {
                picked++;
                yield return image;
            }
        }
    }
}
