namespace UniPo.Formulas;

/// <summary>What a number of a formula belongs to. Where two meet, the finer one wins: A_i · r_it is one number a token.</summary>
internal enum Level : byte
{
    /// <summary>One number for the whole batch: J, N, a setting.</summary>
    Batch,

    /// <summary>One number a prompt: the mean of its rewards.</summary>
    Group,

    /// <summary>One number a pair of responses.</summary>
    Pair,

    /// <summary>One number a response: R_i, n_i.</summary>
    Response,

    /// <summary>One number a token: log π, r_it.</summary>
    Token,
}
