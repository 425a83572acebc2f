"""ETRS89-LAEA against the worked example of the guidance note and against what the projection promises."""

from math import cos, hypot, isclose, radians

from hypothesis import given
from hypothesis import strategies as st

from api.web.drawing.frame import HEIGHT, WIDTH, on_map
from api.web.drawing.projection import FALSE_EASTING, FALSE_NORTHING, SEMI_MAJOR, easting_northing

LATITUDES = st.floats(34, 72)
LONGITUDES = st.floats(-25, 45)


def test_worked_example_of_the_guidance_note() -> None:
    east, north = easting_northing(50.0, 5.0)
    assert isclose(east, 3_962_799.45, abs_tol=0.01)
    assert isclose(north, 2_999_718.85, abs_tol=0.01)


def test_the_origin_has_the_false_coordinates() -> None:
    assert easting_northing(52.0, 10.0) == (FALSE_EASTING, FALSE_NORTHING)


@given(LATITUDES, LONGITUDES)
def test_east_and_west_of_ten_degrees_mirror_each_other(latitude: float, longitude: float) -> None:
    east, north = easting_northing(latitude, longitude)
    mirrored_east, mirrored_north = easting_northing(latitude, 20 - longitude)
    assert isclose(east - FALSE_EASTING, FALSE_EASTING - mirrored_east, abs_tol=1e-3)
    assert isclose(north, mirrored_north, abs_tol=1e-3)


@given(LATITUDES, LONGITUDES)
def test_areas_are_kept(latitude: float, longitude: float) -> None:
    step = 0.01
    here = easting_northing(latitude, longitude)
    up = easting_northing(latitude + step, longitude)
    right = easting_northing(latitude, longitude + step)
    drawn = abs((right[0] - here[0]) * (up[1] - here[1]) - (right[1] - here[1]) * (up[0] - here[0]))
    on_sphere = (SEMI_MAJOR * radians(step)) ** 2 * cos(radians(latitude))
    assert isclose(drawn, on_sphere, rel_tol=0.01)


def test_the_corners_of_europe_are_on_the_map() -> None:
    for latitude, longitude in ((64.1, -21.9), (35.1, 33.4), (37.0, -8.9), (71.1, 25.8), (35.9, 14.4)):
        x, y = on_map(latitude, longitude)
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT


def test_paris_is_about_as_far_from_berlin_as_on_the_ground() -> None:
    paris, berlin = easting_northing(48.857, 2.352), easting_northing(52.52, 13.405)
    assert isclose(hypot(paris[0] - berlin[0], paris[1] - berlin[1]), 878_000, rel_tol=0.01)
