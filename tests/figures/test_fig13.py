import matplotlib.pyplot as plt
import numpy as np

from leakcore.evaluation import generator
from leakcore.figures import fig13


def test_points_and_corners_are_those_of_the_table():
    table = generator.cube_rows(3, 60, 0)
    figure = fig13.draw(table)
    (axes,) = figure.axes
    clouds = [np.stack(drawn._offsets3d, axis=1) for drawn in axes.collections]
    for k, (cloud, corner) in enumerate(zip(clouds[::2], clouds[1::2], strict=True)):
        part = table[table["class"] == k]
        np.testing.assert_allclose(cloud, part[["x1", "x2", "x3"]])
        np.testing.assert_allclose(corner[0], part[["corner1", "corner2", "corner3"]].iloc[0])
    assert len(clouds) == 6
    plt.close(figure)


def test_the_cube_has_its_twelve_edges_and_no_point_is_cut_off():
    table = generator.cube_rows(8, 80, 0)
    figure = fig13.draw(table)
    (axes,) = figure.axes
    assert len(axes.lines) == 12
    for line in axes.lines:
        ends = np.stack(line.get_data_3d())
        assert (np.abs(ends) == 1).all()
        assert (ends[:, 0] != ends[:, 1]).sum() == 1
    for name, limits in (("x1", axes.get_xlim()), ("x2", axes.get_ylim()), ("x3", axes.get_zlim())):
        assert limits[0] <= table[name].min()
        assert table[name].max() <= limits[1]
    plt.close(figure)
