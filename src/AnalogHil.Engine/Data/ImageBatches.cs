using System.Collections.Immutable;
using AnalogHil.Engine.Data.Sets;

namespace AnalogHil.Engine.Data;

/// <summary>One split of an image set, preprocessed batch by batch in file order: what is in memory does not grow with what is converted.</summary>
/// <remarks>
/// Pictures are decoded one at a time. Formats that keep all images in one file (IDX, CIFAR, NumPy) hold that file's contents, a byte a pixel
/// or what NumPy stored. Not for several threads at once.
/// </remarks>
public sealed class ImageBatches : IDisposable
{
    private readonly ImageSetRequest _request;
    private readonly StoredSet _set;
    private readonly PixelConverter _converter;
    private readonly IEnumerator<StoredImage> _images;
    private bool _waits;
    private int _read;

    internal ImageBatches(ImageSetRequest request, StoredSet set)
    {
        _request = request;
        _set = set;
        _converter = new PixelConverter(request);
        Name = set.Name;
        Count = Math.Min(set.Count, request.Limit);
        Files = set.Files;
        _images = set.Images.GetEnumerator();
        try
        {
            _waits = Count > 0 && _images.MoveNext();
            Shape = _waits ? _converter.ShapeOf(_images.Current) : throw Short(0);
        }
        catch
        {
            _images.Dispose();
            throw;
        }
    }

    /// <summary>Name of the set and split, for records.</summary>
    public string Name { get; }

    /// <summary>Shape of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>Images in all, at most the limit that was asked for; at least 1.</summary>
    public int Count { get; }

    /// <summary>Most images that are in memory at once: what one array holds.</summary>
    public int MostAtOnce => Array.MaxLength / Shape.Size;

    /// <summary>Every file that the split consists of, whatever the limit.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The next images.</summary>
    /// <param name="pixels">[at least labels x C x H x W], as the model wants them.</param>
    /// <param name="labels">Class indices; as many places as images are wanted, at least 1.</param>
    /// <returns>How many were read: fewer than asked for only at the end, 0 after it.</returns>
    /// <exception cref="DataSetException">A file is missing or damaged, an image does not fit those before it, or a label is outside the classes.</exception>
    public int Read(Span<float> pixels, Span<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(labels.Length, 1);
        int wanted = Math.Min(labels.Length, Count - _read);
        for (int i = 0; i < wanted; i++)
        {
            if (!_waits && !_images.MoveNext())
            {
                throw Short(_read);
            }

            _waits = false;
            labels[i] = Take(_images.Current, pixels.Slice(i * Shape.Size, Shape.Size));
            _read++;
        }

        return wanted;
    }

    /// <summary>All images that were not read yet, in memory at once: 4 bytes a value.</summary>
    /// <exception cref="DataSetException">As for <see cref="Read"/>, or they do not fit one array.</exception>
    public LabelledImages ReadAll()
    {
        int count = Count - _read;
        RequireRoom(count);
        float[] pixels = new float[Shape.Size * count];
        int[] labels = new int[count];
        if (count > 0)
        {
            Read(pixels, labels);
        }

        return new LabelledImages(Name, Shape, pixels, labels);
    }

    /// <summary>Some images, in memory at once: 4 bytes a value. The others are not converted, and pictures among them not even decoded. Whatever was read
    /// before, or will be, with <see cref="Read"/> is not touched.</summary>
    /// <param name="places">Places in file order, from 0 and below <see cref="Count"/>, none twice; the images come in this order.</param>
    /// <exception cref="DataSetException">As for <see cref="ReadAll"/>.</exception>
    /// <exception cref="ArgumentException">A place is outside the split or given twice.</exception>
    public LabelledImages ReadAt(ImmutableArray<int> places)
    {
        RequireRoom(places.Length);
        int[] rows = [.. Enumerable.Range(0, places.Length).OrderBy(row => places[row])];
        int[] ascending = [.. rows.Select(row => places[row])];
        for (int i = 0; i < ascending.Length; i++)
        {
            if (ascending[i] < 0 || ascending[i] >= Count || i > 0 && ascending[i] == ascending[i - 1])
            {
                throw new ArgumentException($"place {ascending[i]} is outside 0 .. {Count - 1} or given twice", nameof(places));
            }
        }

        float[] pixels = new float[Shape.Size * places.Length];
        int[] labels = new int[places.Length];
        int read = 0;
        foreach (StoredImage image in _set.At(ascending))
        {
            int row = rows[read++];
            labels[row] = Take(image, pixels.AsSpan(row * Shape.Size, Shape.Size));
        }

        return read == places.Length
            ? new LabelledImages(Name, Shape, pixels, labels) { Drawn = new DrawnPlaces(Count, places) }
            : throw Short(ascending[read]);
    }

    /// <inheritdoc/>
    public void Dispose() => _images.Dispose();

    private int Take(StoredImage image, Span<float> pixels)
    {
        ImageShape own = _converter.ShapeOf(image);
        if (own != Shape)
        {
            throw new DataSetException($"{image.Source} gives {own}, those before it {Shape}; declare a crop that all pictures contain");
        }

        _converter.Convert(image, Shape, pixels);
        return _converter.ClassOf(image);
    }

    private void RequireRoom(int count)
    {
        if (count > MostAtOnce)
        {
            throw new DataSetException(
                $"{count} images of {Shape} do not fit one array of {Array.MaxLength} values; take at most {MostAtOnce} of them");
        }
    }

    private DataSetException Short(int given) => new($"'{_request.Directory}' gives {given} of {Count} images; it is empty or damaged, fetch it again");
}
