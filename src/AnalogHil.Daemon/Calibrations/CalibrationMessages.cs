using AnalogHil.Daemon.Operations;
using AnalogHil.Ledger.Calibrations;
using Google.Protobuf.WellKnownTypes;

namespace AnalogHil.Daemon.Calibrations;

/// <summary>Calibrations as they go over the wire.</summary>
internal static class CalibrationMessages
{
    /// <summary>A kept calibration.</summary>
    /// <param name="entry">The calibration.</param>
    /// <param name="active">Whether it is in use.</param>
    /// <param name="withDocument">Whether its document goes with it.</param>
    public static V1.Calibration ToMessage(this CalibrationEntry entry, bool active, bool withDocument = false)
    {
        var message = new V1.Calibration
        {
            Name = entry.Id,
            Device = entry.DeviceUid,
            Bench = entry.Bench,
            Made = Timestamp.FromDateTimeOffset(entry.ValidFrom),
            ValidUntil = Timestamp.FromDateTimeOffset(entry.ValidUntil),
            MadeBy = entry.MadeBy,
            Active = active,
            SupersededBy = entry.SupersededBy ?? "",
            Bad = entry.Bad is { } mark ? $"{mark.Who}: {mark.Why}" : "",
            Folder = CalibrationShelf.DocumentOf(entry).Folder,
            Document = withDocument ? entry.Document : "",
        };
        message.Figures.AddRange(entry.Figures.Select(figure => new V1.CalibrationFigure
        {
            Name = figure.Name,
            Estimate = new V1.Estimate { Value = figure.Value, Low = figure.Low, High = figure.High, Unit = figure.Unit, N = figure.N, Level = figure.Level },
            Routine = figure.Method,
        }));
        return message;
    }

    /// <summary>A comparison.</summary>
    public static V1.CompareCalibrationsResponse ToMessage(this DocumentComparison comparison)
    {
        var message = new V1.CompareCalibrationsResponse { Before = comparison.Before, After = comparison.After, FamilyLevel = comparison.FamilyLevel };
        message.Figures.AddRange(comparison.Figures.Figures.Select(figure => new V1.FigureChange
        {
            Name = figure.Name,
            Before = figure.Before.ToMessage(),
            After = figure.After.ToMessage(),
            Change = figure.Change.ToMessage(),
            AdjustedProbability = figure.Adjusted,
            Significant = figure.Significant,
        }));
        message.Maps.AddRange(comparison.Maps.Select(map => new V1.MapChange
        {
            Name = map.Name, Columns = map.Columns, Changed = map.Changed.Length, MedianShift = map.MedianShift,
        }));
        message.SameReads.AddRange(comparison.SameReads);
        return message;
    }
}
