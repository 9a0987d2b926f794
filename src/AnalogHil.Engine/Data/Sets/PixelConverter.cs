namespace AnalogHil.Engine.Data.Sets;

/// <summary>Turns pictures into a model's input as a <see cref="Preprocessing"/> says.</summary>
internal sealed class PixelConverter
{
    private readonly ImageSetRequest _request;
    private readonly float[][] _tables;

    public PixelConverter(ImageSetRequest request)
    {
        _request = request;
        _tables = [.. Enumerable.Range(0, request.Preprocessing.ChannelCount).Select(Table)];
    }

    /// <summary>Converts all pictures up to the request's limit; they must agree in shape once cropped.</summary>
    /// <exception cref="DataSetException">There are none, one does not fit, or a label is outside the classes.</exception>
    public LabelledImages Convert(string name, IEnumerable<RawImage> images, int expected)
    {
        int count = Math.Min(expected, _request.Limit);
        ImageShape shape = default;
        float[] pixels = [];
        var labels = new List<int>();
        foreach (RawImage image in images.Take(count))
        {
            ImageShape own = ShapeOf(image);
            if (labels.Count == 0)
            {
                shape = own;
                if ((long)own.Size * count > Array.MaxLength)
                {
                    throw new DataSetException($"{count} images of {own} do not fit one array of {Array.MaxLength} values; take at most {Array.MaxLength / own.Size} of them");
                }

                pixels = new float[own.Size * count];
            }
            else if (own != shape)
            {
                throw new DataSetException($"{image.Source} gives {own}, those before it {shape}; declare a crop that all pictures contain");
            }

            Convert(image, shape, pixels.AsSpan(labels.Count * shape.Size, shape.Size));
            labels.Add(ClassOf(image.Label, image.Source));
        }

        return labels.Count == count && count > 0
            ? new LabelledImages(name, shape, pixels, [.. labels])
            : throw new DataSetException($"'{_request.Directory}' gives {labels.Count} of {count} images; it is empty or damaged, fetch it again");
    }

    /// <summary>Class of a label, checked.</summary>
    public int ClassOf(long label, string source)
    {
        int offset = _request.Preprocessing.LabelOffset;
        return label + offset >= 0 && label + offset < _request.Classes
            ? (int)(label + offset)
            : throw new DataSetException(
                $"{source}: label is {label}{(offset == 0 ? "" : $" ({label + offset} with the offset {offset})")}, the network's classes are 0 to {_request.Classes - 1}; take the labels that belong to the model");
    }

    private float[] Table(int channel)
    {
        Preprocessing p = _request.Preprocessing;
        double mean = p.Mean[p.Mean.Count == 1 ? 0 : channel];
        double std = p.Std[p.Std.Count == 1 ? 0 : channel];
        return [.. Enumerable.Range(0, 256).Select(pixel => (float)((p.Scale * pixel - mean) / std))];
    }

    private ImageShape ShapeOf(RawImage image)
    {
        int channels = _request.Preprocessing.ChannelCount;
        if (image.Channels != 1 && image.Channels != channels)
        {
            throw new DataSetException($"{image.Source} is a colour picture, the preprocessing declares grey ones; take the pictures that the model was made for");
        }

        (int height, int width) = _request.Preprocessing.Crop ?? (image.Height, image.Width);
        return height <= image.Height && width <= image.Width
            ? new ImageShape(channels, height, width)
            : throw new DataSetException($"{image.Source} has {image.Height} x {image.Width} pixels, the declared crop needs {height} x {width}; pictures are not resized, take larger ones");
    }

    private void Convert(RawImage image, ImageShape shape, Span<float> target)
    {
        int top = (image.Height - shape.Height) / 2;
        int left = (image.Width - shape.Width) / 2;
        int step = image.Planar ? 1 : image.Channels;
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        for (int c = 0; c < shape.Channels; c++)
        {
            float[] table = _tables[c];
            int channel = image.Channels == 1 ? 0 : _request.Preprocessing.Channels == ChannelOrder.Bgr ? 2 - c : c;
            int plane = image.Planar ? channel * image.Height * image.Width : channel;
            for (int y = 0; y < shape.Height; y++)
            {
                int at = plane + ((top + y) * image.Width + left) * step;
                Span<float> row = target.Slice((c * shape.Height + y) * shape.Width, shape.Width);
                for (int x = 0; x < row.Length; x++, at += step)
                {
                    row[x] = table[pixels[at]];
                }
            }
        }
    }
}
