using System.Collections.Immutable;
using System.Globalization;

namespace AnalogHil.Daemon.Scheduling;

/// <summary>One field of a cron expression: the values at which it holds.</summary>
/// <param name="Values">Ascending.</param>
/// <param name="IsAny">Whether it was written as *.</param>
internal sealed record CronField(ImmutableArray<int> Values, bool IsAny)
{
    /// <summary>Reads "*", "7", "1-5", "*/15", "1-30/2" and lists of these.</summary>
    /// <param name="text">The field.</param>
    /// <param name="name">What it counts, for the message.</param>
    /// <param name="low">Smallest value.</param>
    /// <param name="high">Largest value.</param>
    /// <exception cref="FormatException">It cannot be read, or is out of range.</exception>
    public static CronField Parse(string text, string name, int low, int high)
    {
        var values = new SortedSet<int>();
        foreach (string part in text.Split(','))
        {
            string[] stepped = part.Split('/');
            int step = 1;
            if (stepped.Length > 2 || (stepped.Length == 2 && (!TryNumber(stepped[1], out step) || step < 1)))
            {
                throw Wrong(part);
            }

            (int first, int last) = (low, high);
            if (stepped[0] != "*")
            {
                string[] ends = stepped[0].Split('-');
                if (ends.Length > 2 || !TryNumber(ends[0], out first) || !TryNumber(ends[^1], out last) || first < low || last > high || last < first)
                {
                    throw Wrong(part);
                }

                // "5/15" starts at 5 and goes on to the end.
                last = ends.Length == 1 && stepped.Length == 2 ? high : last;
            }

            for (int value = first; value <= last; value += step)
            {
                values.Add(value);
            }
        }

        return new CronField([.. values], text == "*");

        FormatException Wrong(string part) => new($"{name} '{part}' is none of *, a number, a range a-b or a step */n in {low} .. {high}");
    }

    private static bool TryNumber(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
