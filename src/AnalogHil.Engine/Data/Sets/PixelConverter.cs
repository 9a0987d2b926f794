namespace AnalogHil.Engine.Data.Sets;

/// <summary>Turns images into a model's input as a <see cref="Preprocessing"/> says.</summary>
internal sealed class PixelConverter
{
    private readonly ImageSetRequest _request;
    private readonly float[][] _tables;

    public PixelConverter(ImageSetRequest request)
    {
        _request = request;
        _tables = [.. Enumerable.Range(0, request.Preprocessing.ChannelCount).Select(Table)];
    }

    /// <summary>Class of a label, checked.</summary>
    /// <exception cref="DataSetException">It is outside the classes.</exception>
    public int ClassOf(StoredImage image)
    {
        (string source, long label) = (image.Source, image.Label);
        int offset = _request.Preprocessing.LabelOffset;
        return label + offset >= 0 && label + offset < _request.Classes
            ? (int)(label + offset)
            : throw new DataSetException(
                $"{source}: label is {label}{(offset == 0 ? "" : $" ({label + offset} with the offset {offset})")}, the network's classes are 0 to "
                    + $"{_request.Classes - 1}; take the labels that belong to the model");
    }

    /// <summary>Shape of an image once it is cropped.</summary>
    /// <exception cref="DataSetException">It does not fit the declaration.</exception>
    public ImageShape ShapeOf(StoredImage image) => image is RawImage raw ? ShapeOf(raw) : ((ReadyImage)image).Shape;

    /// <summary>The model's input, [C x H x W].</summary>
    /// <exception cref="DataSetException">A value is not finite.</exception>
    public void Convert(StoredImage image, ImageShape shape, Span<float> target)
    {
        if (image is RawImage raw)
        {
            Convert(raw, shape, target);
            return;
        }

        ReadOnlySpan<float> values = ((ReadyImage)image).Values.Span;
        int bad = values.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (bad >= 0)
        {
            throw new DataSetException($"{image.Source}: value {bad} is {values[bad]}; images must be finite, save them again");
        }

        values.CopyTo(target);
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
            throw new DataSetException(
                $"{image.Source} is a colour picture, the preprocessing declares grey ones; take the pictures that the model was made for");
        }

        (int height, int width) = _request.Preprocessing.Crop ?? (image.Height, image.Width);
        return height <= image.Height && width <= image.Width
            ? new ImageShape(channels, height, width)
            : throw new DataSetException(
                $"{image.Source} has {image.Height} x {image.Width} pixels, the declared crop needs {height} x {width}; pictures are not resized, take "
                    + "larger ones");
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
