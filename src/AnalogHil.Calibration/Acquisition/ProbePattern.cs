using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Mix;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Acquisition;

/// <summary>Weights of a tile and one input vector: a design point that can be driven. Every column has the same norms and the same |product|.</summary>
/// <param name="Name">Lower-case letters, digits and hyphens.</param>
/// <param name="Weights">[Rows x Columns] row-major, in [-1, 1].</param>
/// <param name="Inputs">[Rows], in [-1, 1] or [0, 1].</param>
/// <param name="Conditions">Norms.</param>
public sealed record ProbePattern(string Name, float[] Weights, float[] Inputs, ProbeConditions Conditions)
{
    /// <summary>
    /// The corners and the extra points: dark; part (inputs at half, weights 0); input (inputs full, weights 0); weight (inputs 0, weights full);
    /// full (both full, product 0); product (both full, the largest product that fits with room for noise).
    /// </summary>
    /// <param name="device">Rows, columns, signs and converter.</param>
    /// <param name="room">Share of the converter's range that a product may take, in (0, 1].</param>
    public static IReadOnlyList<ProbePattern> Corners(DeviceCapabilities device, double room = 0.5)
    {
        int paired = DesignPoint.PairedRows(device.Rows);
        int range = device.AdcBits == 0 ? paired : (int)Math.Min(paired, room * device.AdcFullScale);

        // Signs of paired rows sum up to an even number.
        int product = range - range % 2;
        List<ProbePattern> corners =
        [
            Of("dark", device, 0, 0, 0),
            Of("part", device, Half(device), 0, 0),
            Of("input", device, 1, 0, 0),
            Of("weight", device, 0, 1, 0),
            Of("full", device, 1, 1, 0),
        ];
        if (product > 0)
        {
            corners.Add(Of("product", device, 1, 1, product));
        }

        return corners;
    }

    private static ProbePattern Of(string name, DeviceCapabilities device, double drive, int weight, int product)
    {
        float[] inputs = new float[device.Rows];
        inputs.AsSpan().Fill((float)drive);
        float[] weights = new float[device.Rows * device.Columns];
        float[] column = new float[device.Rows];
        int paired = DesignPoint.PairedRows(device.Rows);

        // Signs alternate; every other negative one is turned until the product is there, and columns change sign among themselves so that no supply carries
        // one sign only.
        for (int row = 0; row < paired; row++)
        {
            column[row] = weight * (row % 2 == 0 || row < product ? 1 : -1);
        }

        for (int row = 0; row < device.Rows; row++)
        {
            for (int c = 0; c < device.Columns; c++)
            {
                weights[row * device.Columns + c] = c % 2 == 0 ? column[row] : -column[row];
            }
        }

        return new ProbePattern(name, weights, inputs, ProbeConditions.Of(inputs, column));
    }

    private static double Half(DeviceCapabilities device)
    {
        double levels = Math.Pow(2, device.SignedInputs ? device.DacBits - 1 : device.DacBits) - 1;
        return device.DacBits == 0 || levels < 1 ? 0.5 : Math.Max(1, Math.Round(0.5 * levels)) / levels;
    }
}
