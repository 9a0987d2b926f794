using System.Buffers.Binary;
using System.IO.Compression;

namespace AnalogHil.Functional.Tests.Wires;

/// <summary>
/// A network and images small enough for a slow UART: Fashion-MNIST's test images, 5,000 of which make a linear classifier of 4 x 4 means (ridge
/// regression on the ten
/// classes), others test it. Calibration images are those that come with the program.
/// </summary>
internal static class PooledImages
{
    private const int Side = 28;
    private const int Pool = 4;
    private const int Means = Side / Pool * (Side / Pool);
    private const int Training = 5000;
    private const int Classes = 10;

    /// <summary>Penalty of the squared weights, in images: keeps the weights of borders that are always black at 0.</summary>
    private const double Ridge = 10;

    /// <summary>Writes net.onnx, its declaration, and the images into a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="count">Test images.</param>
    public static void Write(string directory, int count)
    {
        byte[] images = Read("t10k-images-idx3-ubyte.gz");
        byte[] labels = Read("t10k-labels-idx1-ubyte.gz");
        Directory.CreateDirectory(directory);
        File.WriteAllBytes(Path.Combine(directory, "t10k-images-idx3-ubyte"), Part(images, 16, Side * Side, count));
        File.WriteAllBytes(Path.Combine(directory, "t10k-labels-idx1-ubyte"), Part(labels, 8, 1, count));
        foreach (string file in (string[])["calib-images-idx3-ubyte.gz", "calib-labels-idx1-ubyte.gz"])
        {
            File.Copy(TestDaemon.Shipped($"data/fashion-mnist/{file}"), Path.Combine(directory, file));
        }

        double[,] weights = Fit(images.AsSpan(16), labels.AsSpan(8));
        File.WriteAllBytes(Path.Combine(directory, "net.onnx"), PooledNetwork.Write(Side, Pool, weights));
        File.WriteAllText(Path.Combine(directory, "net.preprocess.json"), """{ "channels": "gray", "std": [255] }""");
    }

    // Normal equations of means and a one against one-hot labels, solved by elimination.
    private static double[,] Fit(ReadOnlySpan<byte> images, ReadOnlySpan<byte> labels)
    {
        const int Unknowns = Means + 1;
        double[,] rows = new double[Unknowns, Unknowns + Classes];
        double[] x = new double[Unknowns];
        for (int n = 0; n < Training; n++)
        {
            ReadOnlySpan<byte> image = images.Slice(n * Side * Side, Side * Side);
            Array.Clear(x);
            x[Means] = 1;
            for (int i = 0; i < image.Length; i++)
            {
                x[i / Side / Pool * (Side / Pool) + i % Side / Pool] += image[i] / (255.0 * Pool * Pool);
            }

            for (int i = 0; i < Unknowns; i++)
            {
                for (int j = 0; j < Unknowns; j++)
                {
                    rows[i, j] += x[i] * x[j];
                }

                rows[i, Unknowns + labels[n]] += x[i];
            }
        }

        for (int pivot = 0; pivot < Unknowns; pivot++)
        {
            rows[pivot, pivot] += Ridge;
        }

        for (int pivot = 0; pivot < Unknowns; pivot++)
        {
            for (int i = 0; i < Unknowns; i++)
            {
                double factor = i == pivot ? 0 : rows[i, pivot] / rows[pivot, pivot];
                for (int j = pivot; j < Unknowns + Classes && factor != 0; j++)
                {
                    rows[i, j] -= factor * rows[pivot, j];
                }
            }
        }

        double[,] weights = new double[Unknowns, Classes];
        for (int i = 0; i < Unknowns; i++)
        {
            for (int c = 0; c < Classes; c++)
            {
                weights[i, c] = rows[i, Unknowns + c] / rows[i, i];
            }
        }

        return weights;
    }

    private static byte[] Part(byte[] all, int header, int each, int count)
    {
        byte[] part = [.. all[..header], .. all.AsSpan(header + Training * each, count * each)];
        BinaryPrimitives.WriteInt32BigEndian(part.AsSpan(4), count);
        return part;
    }

    private static byte[] Read(string file)
    {
        using var packed = new GZipStream(File.OpenRead(TestDaemon.Shipped($"data/fashion-mnist/{file}")), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
