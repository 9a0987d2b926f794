using System.Globalization;
using AnalogHil.Engine.Data.Pictures;

namespace AnalogHil.Engine.Data.Sets;

/// <summary>Pictures listed in labels.csv (a header line "file,label", then one picture a line), beside it or in its subdirectory images.</summary>
internal sealed class PictureSetReader : ImageSetReader
{
    private const string List = "labels.csv";
    private const int MaxPictures = 10_000_000;

    public override string Files(ImageSplit split) => split == ImageSplit.Test ? $"pictures with {List}" : $"pictures with {List} in a subdirectory calib";

    public override bool Recognises(ImageSetRequest request) => request.Split != ImageSplit.Calibration && File.Exists(Path.Combine(request.Directory, List));

    public override StoredSet Open(ImageSetRequest request)
    {
        string list = Path.Combine(request.Directory, List);
        List<(string File, long Label)> entries = ReadList(list);
        string images = Path.Combine(request.Directory, "images");
        string folder = Directory.Exists(images) ? images : request.Directory;
        List<(string Path, long Label)> pictures = [.. entries.Select(entry => (Path.Combine(folder, entry.File), entry.Label))];
        return new StoredSet(request.NameOf("all"), pictures.Count, [list, .. pictures.Select(picture => picture.Path)], Decode(pictures))
        {
            Some = places => Decode(places.Select(place => pictures[place])),
        };
    }

    private static IEnumerable<StoredImage> Decode(IEnumerable<(string Path, long Label)> pictures)
    {
        using var decoder = new PictureDecoder();
        foreach ((string path, long label) in pictures)
        {
            yield return Read(decoder, path, label);
        }
    }

    private static RawImage Read(PictureDecoder decoder, string path, long label)
    {
        Picture picture = decoder.Read(path);
        return new RawImage($"'{path}'", label, picture.Channels, picture.Height, picture.Width, picture.Pixels, Planar: false);
    }

    private static List<(string File, long Label)> ReadList(string path)
    {
        var entries = new List<(string, long)>();
        try
        {
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                if (number == 1 && line.TrimEnd() != "file,label" || number > MaxPictures)
                {
                    throw new DataSetException(
                        $"'{path}' starts with '{line[..Math.Min(line.Length, 80)]}' or has more than {MaxPictures} lines; the first line must be file,label");
                }

                if (number == 1 || string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                string[] cells = line.TrimEnd().Split(',');
                if (cells.Length != 2 || !long.TryParse(cells[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long label))
                {
                    throw new DataSetException($"'{path}', line {number}: '{line[..Math.Min(line.Length, 80)]}' is not a file name, a comma and a label");
                }

                // A list must not reach files outside its directory.
                if (cells[0].Length == 0 || Path.IsPathRooted(cells[0]) || cells[0].Split('/', '\\').Contains(".."))
                {
                    throw new DataSetException($"'{path}', line {number}: '{cells[0]}' must be a path below the directory of the list");
                }

                entries.Add((cells[0], label));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message} Check its permissions", error);
        }

        return entries;
    }
}
