namespace AnalogHil.Devices.Simulation.Cells;

/// <summary>What stands between a column's dot product and its code: gain, offset, saturation, capacitor, read-out noise, nonlinearity, steps.</summary>
internal struct ColumnReceiver
{
    private readonly float _gain;
    private readonly float _offset;
    private readonly float _limit;
    private readonly float _fullScale;
    private readonly float _readoutNoise;
    private readonly ConverterInl _inl;
    private readonly bool _bent;
    private readonly float _stuck;
    private float _charge;

    public ColumnReceiver(SimulatedDeviceOptions options, CellPhysics physics, float gain, float offset, ConverterInl inl, float stuck)
    {
        _gain = gain;
        _offset = offset;
        _limit = (float)physics.ReceiverLimit;
        _fullScale = (float)options.AdcFullScale;
        _readoutNoise = (float)physics.ReadoutNoise;
        _inl = inl;
        _bent = physics.AdcInl > 0;
        _stuck = stuck;
    }

    /// <summary>What the receiver gives for one read, dot-product units.</summary>
    public readonly float Receive(float analog, float warmGain, float warmOffset) => _gain * warmGain * analog + _offset + warmOffset;

    /// <summary>Adds to the capacitor, which stops at the receiver's limit.</summary>
    public void Accumulate(float value) => _charge = Math.Clamp(_charge + value, -_limit, _limit);

    /// <summary>Empties the capacitor.</summary>
    public float TakeCharge()
    {
        float charge = _charge;
        _charge = 0;
        return charge;
    }

    /// <summary>Converts one value; 1 when it hit an end of the receiver's or the converter's range, else 0.</summary>
    public readonly long Convert(float value, in OutputConverter converter, NormalStream normals, out float code)
    {
        if (!float.IsNaN(_stuck))
        {
            return ReadAccumulator.Convert(converter, _stuck / converter.Step, out code);
        }

        bool limited = Math.Abs(value) >= _limit;
        value = Math.Clamp(value, -_limit, _limit);
        if (_readoutNoise > 0)
        {
            value += _readoutNoise * normals.Next();
        }

        if (_bent)
        {
            value = _fullScale * _inl.Apply(value / _fullScale);
        }

        int clipped = ReadAccumulator.Convert(converter, value / converter.Step, out code);
        return limited ? 1 : clipped;
    }
}
