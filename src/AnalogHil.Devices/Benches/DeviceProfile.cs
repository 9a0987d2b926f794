using System.Collections.Immutable;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Benches;

/// <summary>Where a bench starts from: published or measured values of one technology, each with source and range of validity.</summary>
/// <param name="Name">Name, that of the file.</param>
/// <param name="Title">One line for people.</param>
/// <param name="Architecture">Family that the values belong to.</param>
/// <param name="Values">By name.</param>
public sealed record DeviceProfile(
    string Name, string Title, DeviceArchitecture Architecture, ImmutableDictionary<string, ProfileValue> Values)
{
    private static readonly string[] Classes = ["literature", "fitted", "measured"];

    /// <summary>Reads a profile.</summary>
    /// <exception cref="BenchFileException">The file is missing or wrong; holds every error.</exception>
    public static DeviceProfile Load(string path)
    {
        (JsonNodeReader root, List<BenchFileError> errors) = BenchJson.Parse(path, BenchJson.Read(path));
        DeviceProfile profile = Read(root);
        if (profile.Name.Length > 0 && profile.Name != Path.GetFileNameWithoutExtension(path))
        {
            root.Report("name", $"is {profile.Name}, the file is {Path.GetFileName(path)}", "give both the same name");
        }

        BenchJson.ThrowIfAny(path, errors);
        return profile;
    }

    internal static DeviceProfile Read(JsonNodeReader root)
    {
        root.Text("$schema", "-");
        string name = root.Text("name");
        string title = root.Text("title");
        string family = root.Choice("architecture", [.. BenchParameter.Architectures.Select(each => each.Name)]);
        JsonNodeReader values = root.Child("values", required: true);
        root.Close();
        if (family.Length == 0)
        {
            return new DeviceProfile(name, title, default, ImmutableDictionary<string, ProfileValue>.Empty);
        }

        DeviceArchitecture architecture = BenchParameter.Architectures.First(each => each.Name == family).Architecture;
        var read = ImmutableDictionary.CreateBuilder<string, ProfileValue>();
        foreach (BenchParameter parameter in BenchParameter.ProfileOf(architecture))
        {
            JsonNodeReader value = values.Child(parameter.Name, required: false);
            if (values.Has(parameter.Name))
            {
                read[parameter.Name] = ReadValue(value, parameter);
            }
        }

        StaticCost.ReportHalves(values, read.ContainsKey);
        values.Close();
        return new DeviceProfile(name, title, architecture, read.ToImmutable());
    }

    private static ProfileValue ReadValue(JsonNodeReader node, BenchParameter parameter)
    {
        double value = node.Number("value", parameter.Low, parameter.High, parameter.Unit);
        string unit = node.Choice("unit", [parameter.Unit]);
        string kind = node.Choice("class", Classes);
        string source = node.Text("source");
        JsonNodeReader valid = node.Child("valid", required: true);
        double low = valid.Number("low", parameter.Low, parameter.High, parameter.Unit);
        double high = valid.Number("high", parameter.Low, parameter.High, parameter.Unit);
        valid.Close();
        node.Close();
        if (!(low <= value && value <= high))
        {
            node.Report("value", $"is {value}, outside its own range of validity {low} to {high} {parameter.Unit}", "correct the value or the range");
        }

        return new ProfileValue(parameter.Name, value, unit, kind, source, low, high);
    }
}
