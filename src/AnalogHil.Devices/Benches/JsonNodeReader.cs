using System.Globalization;
using System.Text.Json;

namespace AnalogHil.Devices.Benches;

/// <summary>
/// Reads one object of a file, remembers every property it was asked for and collects every error, so that a file is judged as a whole.
/// Errors never throw here; a missing or wrong value reads as the fallback.
/// </summary>
internal sealed class JsonNodeReader
{
    private readonly JsonElement? _element;
    private readonly List<BenchFileError> _errors;
    private readonly List<string> _asked = [];

    public JsonNodeReader(JsonElement? element, string pointer, List<BenchFileError> errors)
    {
        Pointer = pointer;
        _errors = errors;
        if (element is { ValueKind: not JsonValueKind.Object } other)
        {
            Report("", $"is {Describe(other)}, an object is needed", "write { ... }");
            element = null;
        }

        _element = element;
    }

    /// <summary>JSON pointer of this object.</summary>
    public string Pointer { get; }

    /// <summary>Properties that were asked for.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    public bool Has(string name) => _element is { } element && element.TryGetProperty(name, out _);

    public void Report(string name, string problem, string remedy) =>
        _errors.Add(new BenchFileError(name.Length == 0 ? Pointer : $"{Pointer}/{name}", problem, remedy));

    /// <summary>A text; required when there is no fallback.</summary>
    public string Text(string name, string? fallback = null)
    {
        if (Find(name, fallback is null, "a text") is not { } value)
        {
            return fallback ?? "";
        }

        if (value.ValueKind != JsonValueKind.String || value.GetString()!.Length == 0)
        {
            Report(name, $"is {Describe(value)}, a text that is not empty is needed", "put it in quotes");
            return fallback ?? "";
        }

        return value.GetString()!;
    }

    /// <summary>One of a few words; required when there is no fallback.</summary>
    public string Choice(string name, IReadOnlyList<string> allowed, string? fallback = null)
    {
        if (Find(name, fallback is null, "a text") is not { } value)
        {
            return fallback ?? "";
        }

        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (!allowed.Contains(text))
        {
            Report(name, $"is {Describe(value)}, allowed are {string.Join(", ", allowed)}", $"write one of these{Suggest(text, allowed)}");
            return "";
        }

        return text;
    }

    /// <summary>A number in [low, high]; required when there is no fallback.</summary>
    public double Number(string name, double low, double high, string unit, double? fallback = null)
    {
        if (Find(name, fallback is null, "a number") is not { } value)
        {
            return fallback ?? low;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
        {
            Report(name, $"is {Describe(value)}, a number is needed", "write it without quotes");
            return fallback ?? low;
        }

        if (number < low || number > high)
        {
            Report(name, $"is {Show(number)}, allowed is {Show(low)} to {Show(high)} {unit}".TrimEnd(), "change it");
            return fallback ?? low;
        }

        return number;
    }

    /// <summary>A whole number in [low, high]; required when there is no fallback.</summary>
    public long Integer(string name, long low, long high, long? fallback = null)
    {
        if (Find(name, fallback is null, "a whole number") is not { } value)
        {
            return fallback ?? low;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long number))
        {
            Report(name, $"is {Describe(value)}, a whole number is needed", "write it without quotes, point or exponent");
            return fallback ?? low;
        }

        if (number < low || number > high)
        {
            Report(name, $"is {number}, allowed is {low} to {high}", "change it");
            return fallback ?? low;
        }

        return number;
    }

    /// <summary>true or false.</summary>
    public bool Flag(string name, bool fallback)
    {
        if (Find(name, false, "true or false") is not { } value)
        {
            return fallback;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Report(name, $"is {Describe(value)}, true or false is needed", "write it without quotes");
            return fallback;
        }

        return value.GetBoolean();
    }

    /// <summary>An object inside this one; an empty one when it is missing.</summary>
    public JsonNodeReader Child(string name, bool required) => new(Find(name, required, "an object"), $"{Pointer}/{name}", _errors);

    /// <summary>The elements of an array; none when it is missing.</summary>
    public IReadOnlyList<JsonElement> Items(string name)
    {
        if (Find(name, false, "an array") is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Report(name, $"is {Describe(value)}, an array is needed", "write [ ... ]");
            return [];
        }

        return [.. value.EnumerateArray()];
    }

    /// <summary>Reader of element <paramref name="index"/> of the array <paramref name="name"/>.</summary>
    public JsonNodeReader Item(string name, int index, JsonElement element) => new(element, $"{Pointer}/{name}/{index}", _errors);

    /// <summary>Names of all properties there are.</summary>
    public IEnumerable<string> Names() => _element is { } element ? element.EnumerateObject().Select(property => property.Name) : [];

    /// <summary>Reports every property that was never asked for.</summary>
    public void Close()
    {
        foreach (string name in Names().Where(name => !_asked.Contains(name)))
        {
            Report(name, "is unknown here", $"remove it or write one of {string.Join(", ", _asked)}{Suggest(name, _asked)}");
        }
    }

    private JsonElement? Find(string name, bool required, string what)
    {
        if (!_asked.Contains(name))
        {
            _asked.Add(name);
        }

        if (_element is { } element && element.TryGetProperty(name, out JsonElement value))
        {
            return value;
        }

        if (required && _element is not null)
        {
            Report(name, $"is missing, {what} is needed", "add it");
        }

        return null;
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText() is { Length: <= 60 } text ? text : value.GetRawText()[..57] + "...",
    };

    private static string Show(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Suggest(string text, IEnumerable<string> known) => Spelling.Nearest(text, known) is { } near ? $" (did you mean {near}?)" : "";
}
