"""Bytes -> the facts of a source file. Only this department knows libcst."""
