System.Console.WriteLine("UniPo.Benchmarks");
